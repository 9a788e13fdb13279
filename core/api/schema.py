"""The API's description for OpenAPI, drawn from the projections and the input serializers."""

from drf_spectacular.openapi import AutoSchema


class StudioSchema(AutoSchema):
    """Describes the routes of a view."""
