"""The back-office page of people."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from core.admin import (
    NewestInline,
    RowInline,
    StudioAdmin,
    count_of,
    list_link,
    picture,
)
from core.errors import Refusal
from core.transactions import whole_step
from people.admin.passwords import PasswordForm
from people.models import (
    DayOff,
    LoginLog,
    Person,
    Session,
)
from people.rules.identities import release
from people.rules.passwords import invite
from people.rules.persons import create_person, delete_person, disable_second_factors, update_person
from people.rules.sessions import end_all_sessions
from people.rules.sign_in import ways_in
from people.rules.values import checked_values

TASK, TEAM_LINK = apps.get_model("tasks", "Task"), apps.get_model("production", "ProjectPersonLink")
# What proves who somebody is never leaves the database.
SECRETS = ("password", "totp_secret", "email_otp_secret", "fido_credentials", "otp_recovery_codes", "jti")


class TeamLinkInline(RowInline):
    model = TEAM_LINK
    fields = ("project", "role")
    verbose_name, verbose_name_plural = "production", "Productions"


class SessionInline(NewestInline):
    model = Session
    fields = ("created_at", "expires_at", "revoked")
    readonly_fields = fields
    show_change_link = False
    verbose_name_plural = "Newest sessions"


class DayOffInline(RowInline):
    model = DayOff
    fields = ("date", "end_date", "description")


class LoginInline(NewestInline):
    model = LoginLog
    fields = ("created_at", "ip_address", "origin")
    readonly_fields = fields
    show_change_link = False
    verbose_name_plural = "Newest logins"


@admin.register(Person)
class PersonAdmin(StudioAdmin):
    called = ("person", "people")
    large = True
    hidden = (*SECRETS, "has_avatar")
    list_display = (
        "full_name",
        "avatar",
        "email",
        "role",
        "shown_departments",
        "active",
        "archived",
        "is_bot",
        "last_presence",
        "tasks",
    )
    list_display_links = ("full_name",)
    list_filter = (
        *("role", "active", "archived", "departments", "studio", "contract_type", "is_bot", "is_guest"),
        *("is_generated_from_ldap", "totp_enabled", "email_otp_enabled", "fido_enabled"),
    )
    search_fields = ("first_name", "last_name", "email", "desktop_login")
    ordering = ("last_name", "first_name")
    actions = ("archive", "activate", "end_sessions", "send_invitation", "remove_second_factors", "release_identities")
    inlines = (TeamLinkInline, DayOffInline, SessionInline, LoginInline)
    counts = {"n_tasks": count_of(TASK.assignees.through, "person")}
    readonly_fields = (
        "avatar",
        "password_state",
        "sign_in",
        "assigned",
        "login_failed_attemps",
        "last_login_failed",
        "totp_enabled",
        "email_otp_enabled",
        "fido_enabled",
        "preferred_two_factor_authentication",
        "last_presence",
        "preview_project",
        "preview_opened_at",
        "preview_open_until",
        "is_generated_from_ldap",
        "is_guest",
        "shotgun_id",
        "ldap_uid",
        "oidc_issuer",
        "oidc_subject",
        "saml_issuer",
        "saml_subject",
    )
    sections = (
        (None, (("first_name", "last_name"), "email", "phone", "country", "avatar", "assigned")),
        ("In the studio", ("role", "departments", "studio", ("position", "seniority"), "contract_type", "daily_salary")),
        ("Account", (("active", "archived"), "password_state", "desktop_login", "is_bot", "expiration_date", "last_presence")),
        (
            "Signing in",
            (
                "sign_in",
                ("login_failed_attemps", "last_login_failed"),
                ("totp_enabled", "email_otp_enabled", "fido_enabled", "preferred_two_factor_authentication"),
                ("is_generated_from_ldap", "ldap_uid"),
                ("saml_issuer", "saml_subject"),
                ("oidc_issuer", "oidc_subject"),
            ),
        ),
        ("Preferences", ("timezone", "locale", "display_date_format", "use_12_hour_clock")),
    )

    @admin.display(description="name", ordering="last_name")
    def full_name(self, person: Person) -> str:
        return str(person)

    def describe(self, person: Person) -> str:
        return f"{person} ({person.email})" if person.email and person.full_name else str(person)

    def name_of(self, row: Person) -> str:
        return str(row)

    @admin.display(description="picture")
    def avatar(self, person: Person) -> str:
        return picture("persons", person, exists=person.has_avatar, text=str(person))

    @admin.display(description="departments")
    def shown_departments(self, person: Person) -> str:
        return ", ".join(department.name for department in person.departments.all()) or self.empty_value_display

    @admin.display(description="tasks", ordering="n_tasks")
    def tasks(self, person: Any) -> str:
        return list_link(TASK, person.n_tasks, assignees__id__exact=person.pk)

    @admin.display(description="tasks")
    def assigned(self, person: Person) -> str:
        return list_link(TASK, "Tasks assigned", assignees__id__exact=person.pk)

    @admin.display(description="password")
    def password_state(self, person: Person) -> str:
        if person._state.adding:
            return "Save first, then set one."
        said = "One is set." if person.password and person.has_usable_password() else "None: they can't sign in with one."
        return format_html(
            '{} <a href="{}">Set a new password</a>', said, reverse("admin:people_person_password", args=[person.pk])
        )

    @admin.display(description="signs in with")
    def sign_in(self, person: Person) -> str:
        return ", ".join(ways_in(person)) or self.empty_value_display

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("departments")

    def get_urls(self) -> list[URLPattern]:
        own = path("<id>/password/", self.admin_site.admin_view(self.password_view), name="people_person_password")
        return [own, *super().get_urls()]

    def password_view(self, request: HttpRequest, id: str) -> HttpResponseBase:
        """Sets a new password, which ends the person's sessions."""
        person = self.get_object(request, unquote(id))
        if person is None:
            raise Http404
        form = PasswordForm(person, request.POST or None, by=request.user)
        if request.method == "POST" and form.is_valid():
            self.log_change(request, person, "Set a new password.")
            messages.success(request, f"{person} has a new password; their sessions were ended.")
            if person.pk == request.user.pk:
                update_session_auth_hash(request, person)
            return HttpResponseRedirect(reverse("admin:people_person_change", args=[person.pk]))
        shown = {"opts": self.opts, "original": person, "form": form, "title": "Set a new password", "subtitle": str(person)}
        return TemplateResponse(request, "admin/people/person/password.html", {**self.admin_site.each_context(request), **shown})

    # Saving

    def create_by_rule(self, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Person:
        departments = relations.get("departments", [])
        person, token = create_person(fitting(values), departments=departments, password=None, by=by)
        person.fresh_token = token
        return person

    def update_by_rule(self, row: Person, values: dict[str, Any], relations: dict[str, Any], *, by: Any) -> Person:
        person, token = update_person(row, fitting(values, row), departments=relations.get("departments"), by=by)
        person.fresh_token = token
        return person

    def delete_by_rule(self, row: Person, *, by: Any) -> None:
        delete_person(row, force=False, by=by)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if token := getattr(getattr(form, "stored", None), "fresh_token", None):
            messages.warning(request, f"The new token of {obj}, shown this once: {token}")

    # Actions

    @admin.action(description="Archive the chosen people")
    def archive(self, request: HttpRequest, queryset: Any) -> None:
        self.give(request, queryset.exclude(archived=True, active=False), {"archived": True, "active": False}, "archived")

    @admin.action(description="Activate the chosen people")
    def activate(self, request: HttpRequest, queryset: Any) -> None:
        self.give(request, queryset.exclude(archived=False, active=True), {"archived": False, "active": True}, "activated")

    @whole_step()
    def give(self, request: HttpRequest, people: Any, values: dict[str, Any], done: str) -> None:
        """Changes all the people alike, or none where one must not be changed."""
        chosen = list(people)
        for person in chosen:
            if person.pk == request.user.pk:
                raise Refusal("You can't do that to your own account.")
            update_person(person, values, departments=None, by=request.user)
            if not values["active"]:
                end_all_sessions(person)
        messages.success(request, f"{len(chosen)} people {done}.")

    @admin.action(description="End the sessions of the chosen people")
    def end_sessions(self, request: HttpRequest, queryset: Any) -> None:
        people = list(queryset)
        for person in people:
            end_all_sessions(person)
        messages.success(request, f"Sessions of {len(people)} people ended.")

    @admin.action(description="Send the chosen people an invitation")
    def send_invitation(self, request: HttpRequest, queryset: Any) -> None:
        people = list(queryset)
        for person in people:
            invite(person, by=request.user)
        messages.success(request, f"{len(people)} invitations sent.")

    @admin.action(description="Remove the second factors of the chosen people")
    def remove_second_factors(self, request: HttpRequest, queryset: Any) -> None:
        people = list(queryset)
        with whole_step():
            for person in people:
                disable_second_factors(person, by=request.user, ip=None)
        messages.success(request, f"Second factors of {len(people)} people removed.")

    @admin.action(description="Release the chosen people from SAML and OpenID Connect")
    def release_identities(self, request: HttpRequest, queryset: Any) -> None:
        people = list(queryset)
        with whole_step():
            for person in people:
                release(person, by=request.user)
        messages.success(request, f"{len(people)} people released: their next sign-on is bound afresh.")


def fitting(values: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
    """A form's values, checked as those that the API is sent."""
    day = values.get("expiration_date")
    checked = checked_values({**values, **({"expiration_date": day.isoformat()} if day else {})}, person)
    return {**checked, **({"expiration_date": day} if day else {})}
