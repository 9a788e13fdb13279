"""Password hashing: bcrypt, as accounts that come from elsewhere have it."""

from django.conf import settings
from django.contrib.auth.hashers import BCryptPasswordHasher

BCRYPT_LIMIT = 72


class StudioBCryptHasher(BCryptPasswordHasher):
    """bcrypt of the password's first 72 bytes, which is all that bcrypt looks at."""

    @property
    def rounds(self) -> int:  # type: ignore[override]
        """The cost, as a power of two."""
        return settings.BCRYPT_LOG_ROUNDS

    def encode(self, password: str, salt: bytes) -> str:
        """The hash with its algorithm, cost and salt."""
        return super().encode(password.encode()[:BCRYPT_LIMIT].decode(errors="ignore"), salt)
