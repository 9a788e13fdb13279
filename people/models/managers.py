"""The manager of persons, with what Django's own commands expect of a user model."""

from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.db.models.functions import Lower


class PersonManager(BaseUserManager[Any]):
    """Persons; creation hashes the password."""

    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> Any:
        """Store a person; without a password they cannot sign in until they are invited."""
        person = self.model(email=email, **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Store a studio manager."""
        fields = {"first_name": "Super", "last_name": "Admin", "phone": "", "desktop_login": "", **fields, "role": "admin"}
        return self.create_user(email, password, **fields)

    def of_address(self, email: str | None) -> Any:
        """Whoever has that address, in any letter case, and is not a bot; at most one person does."""
        return self.alias(folded_email=Lower("email")).filter(folded_email=(email or "").lower(), is_bot=False)

    def of_login(self, name: str) -> Any:
        """Whoever signs in by that name, an address in any letter case or else a desktop login; never a bot. Else None."""
        return self.of_address(name).first() or self.filter(desktop_login=name, is_bot=False).first()

    def get_by_natural_key(self, username: str | None) -> Any:
        """The person of that address, in any letter case, who is not a bot."""
        return self.of_address(username).get()
