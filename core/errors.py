"""One class per kind of refusal: its status and the payload that clients know. Rules and views raise them; one handler answers."""

from typing import Any

NOT_FOUND = (
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again."
)
FORBIDDEN = (
    "You don't have the permission to access the requested resource. It is either read-protected or not readable by the server."
)
BAD_JSON = "The browser (or proxy) sent a request that this server could not understand."
NOT_JSON = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
EMPTY_BODY = "Data are empty. Please verify that you sent JSON data and that you set the right headers."
BAD_METHOD = "The method is not allowed for the requested URL."
TOO_LARGE = "The data value transmitted exceeds the capacity limit."

BAD_FORMAT = "One of the provided values has an invalid format."
DUPLICATE = "A record with the same unique values already exists."
REFERENCED = "The change conflicts with records referencing this one."
REQUIRED = "A required field is missing."
BROKEN_RULE = "The data conflicts with database integrity rules."


class Refusal(Exception):
    """What a person asked for can't be done; `status` is the HTTP code, `payload` the JSON body."""

    status = 400

    def __init__(self, message: str, **more: Any) -> None:
        super().__init__(message)
        self.message = message
        self.more = more

    @property
    def payload(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {"error": True, "message": self.message, **self.more}


class WrongParameter(Refusal):
    """A parameter or a value makes no sense here: 400, with `data` beside the message."""

    def __init__(self, message: str, data: Any = None) -> None:
        super().__init__(message, data=data)


class WrongBody(WrongParameter):
    """Fields of a body do not fit: 400 with every faulty field, as `{"field", "message"}`."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("Validation error.", {"errors": errors})


class RowRefused(Refusal):
    """The row as it would be can't be stored: 400 with the message alone."""

    @property
    def payload(self) -> dict[str, Any]:
        """The message, without the `error` key of the other refusals."""
        return {"message": self.message}


class NotFound(Refusal):
    """No such thing, or none that this person may know of: 404."""

    status = 404

    def __init__(self, sentence: str = NOT_FOUND) -> None:
        super().__init__(f"404 Not Found: {sentence}")


class Forbidden(Refusal):
    """The person may not do this: 403."""

    status = 403

    def __init__(self, message: str = FORBIDDEN, **more: Any) -> None:
        super().__init__(message, **more)


class Unauthorized(Refusal):
    """The token does not let its bearer in: 401 or 422, with the words that clients of JWT know."""

    def __init__(self, message: str, status: int = 401, key: str = "msg") -> None:
        super().__init__(message)
        self.status = status
        self.key = key

    @property
    def payload(self) -> dict[str, Any]:
        """`msg` alone, or the usual two keys for what clients read as a message."""
        return {"msg": self.message} if self.key == "msg" else super().payload
