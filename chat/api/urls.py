"""The routes of this room."""

urlpatterns: list = []
