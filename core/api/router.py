"""Routers of the rooms' route tables."""

from rest_framework.routers import Route, SimpleRouter


class ResourceRouter(SimpleRouter):
    """The five generic routes of each registered resource. Words come before ids: register special paths first."""

    include_root_view = False
    routes = [
        Route("{prefix}", {"get": "list", "post": "create"}, "{basename}-list", False, {"suffix": "List"}),
        Route(
            "{prefix}/{lookup}",
            {"get": "retrieve", "put": "update", "delete": "destroy"},
            "{basename}-detail",
            True,
            {"suffix": "Instance"},
        ),
    ]

    def __init__(self) -> None:
        super().__init__(trailing_slash=False, use_regex_path=False)
        self._lookup_value_converter = "str"
