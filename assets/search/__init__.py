"""Finding assets, shots and people by words: how the database keeps them, and how a question is put."""
