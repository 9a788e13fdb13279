"""Moving a studio, or one production, over from a running server that speaks the API."""
