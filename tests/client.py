"""A client that speaks to the server as one person, through the whole stack of middleware, routes and views."""

import orjson
from django.test import Client

from people.tokens import open_session


class ApiClient:
    """Sends JSON as a person, and gives back Django's response; `.json()` and `.status_code` as usual."""

    def __init__(self, person) -> None:
        self.person = person
        self.client = Client(raise_request_exception=True)
        self.headers = {} if person is None else {"HTTP_AUTHORIZATION": f"Bearer {open_session(person)[1]}"}

    def by(self, person) -> "ApiClient":
        """The same server, asked by somebody else."""
        return ApiClient(person)

    def request(self, method: str, path: str, body=None, **extra):
        """One request; `body` goes as JSON unless it is bytes already."""
        if body is not None or method in ("post", "put"):
            data = body if isinstance(body, bytes) else orjson.dumps(body if body is not None else {})
            extra = {"data": data, "content_type": "application/json", **extra}
        return getattr(self.client, method)(path, **extra, **self.headers)

    def get(self, path: str, **extra):
        """GET."""
        return self.request("get", path, **extra)

    def post(self, path: str, body=None, **extra):
        """POST of a JSON body."""
        return self.request("post", path, body, **extra)

    def put(self, path: str, body=None, **extra):
        """PUT of a JSON body."""
        return self.request("put", path, body, **extra)

    def delete(self, path: str, body=None, **extra):
        """DELETE."""
        return self.request("delete", path, body, **extra)

    def upload(self, path: str, **files):
        """POST of a multipart form with files and fields."""
        return self.client.post(path, files, **self.headers)
