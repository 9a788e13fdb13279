"""What the chat room's routes are sent."""

from core.api.parsers import Body


class NewMessage(Body):
    """What somebody says."""

    message: str
