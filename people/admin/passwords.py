"""Forms by which studio managers set passwords: their own, and those of others. Both go by the rule that every door has."""

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm

from core.errors import Refusal
from people.models import Person
from people.rules.passwords import check_new_password, choose_password_of


class PasswordForm(SetPasswordForm):
    """Somebody's new password, typed twice."""

    def __init__(self, person: Person, *args: Any, by: Any) -> None:
        self.by = by
        super().__init__(person, *args)

    def _post_clean(self) -> None:
        """The rule's own refusals are errors of the form."""
        super()._post_clean()
        if not self._errors:
            try:
                choose_password_of(self.user, self.cleaned_data["new_password1"], by=self.by, session_id=None, ip=None)
            except Refusal as refusal:
                self.add_error("new_password1", refusal.message)


class OwnPasswordForm(PasswordChangeForm):
    """One's own new password, typed twice after the former one."""

    def clean_new_password1(self) -> str:
        """As long as the studio asks for."""
        password = self.cleaned_data["new_password1"]
        try:
            check_new_password(password, password)
        except Refusal as refusal:
            self.add_error("new_password1", refusal.message)
        return password

    def save(self, commit: bool = True) -> Any:
        """Gives the password; all sessions but this one end."""
        choose_password_of(self.user, self.cleaned_data["new_password1"], by=self.user, session_id=None, ip=None)
        return self.user
