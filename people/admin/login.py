"""The door of the back-office."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm

from core.errors import Refusal
from people.rules.sign_in import WRONG, check_manager

BACKEND = "people.authentication.StudioBackend"


class StudioLoginForm(AdminAuthenticationForm):
    """Address, password, and a code of whoever has a second factor."""

    code = forms.CharField(
        label="Code",
        required=False,
        max_length=20,
        help_text="If you use two-factor authentication: of your app, by e-mail, or a recovery code.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name and password:
            try:
                self.user_cache = check_manager(name, password, self.cleaned_data.get("code") or "")
            except Refusal as refusal:
                if refusal.message == WRONG:
                    raise self.get_invalid_login_error() from None
                raise forms.ValidationError(refusal.message) from None
            self.user_cache.backend = BACKEND
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data
