"""A production's preview account: a read-only client that shows the production as its client sees it, one hour at a time."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings

from core.errors import NotFound, Refusal
from core.models import now
from core.transactions import whole_step
from events.emit import emit
from people.models import Person, Session
from production.models import Project, ProjectPersonLink
from production.rules.announcements import announce_settings

LOCAL_STRATEGY = "auth_local_classic"
LOCAL_ONLY = "Preview accounts require the local authentication strategy"
OPEN_FOR = timedelta(hours=1)
PASSWORD_BYTES = 12  # sixteen characters


def account_of(project_id: Any) -> Person | None:
    """The production's preview account."""
    return Person.objects.filter(preview_project_id=project_id).first()


@whole_step()
def renew_account(project: Project, *, by: Person) -> tuple[Person, str]:
    """Make the account, or give the one there is a new password and close it; answers it with the password in clear."""
    if settings.AUTH_STRATEGY != LOCAL_STRATEGY:
        raise Refusal(LOCAL_ONLY)
    Project.objects.select_for_update().get(pk=project.pk)
    account = account_of(project.pk) or Person(
        first_name="Preview",
        last_name=project.name[:80],
        email=f"preview-{uuid4().hex[:12]}@preview.kitsu.invalid",
        role="client",
        preview_project=project,
    )
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    account.set_password(password)
    account.preview_opened_at = account.preview_open_until = None
    account.save()
    Session.objects.filter(person=account).update(revoked=True)
    if ProjectPersonLink.objects.get_or_create(project=project, person=account)[1]:
        announce_settings(project, by=by)
    return account, password


@whole_step()
def open_account(project: Project, *, is_open: bool) -> Person:
    """Open the account for an hour from now, or close it; either ends what was opened before. Raises NotFound without one."""
    account = Person.objects.select_for_update(of=("self",)).filter(preview_project=project).first()
    if account is None:
        raise NotFound("No preview account for this project")
    account.preview_opened_at = now() if is_open else None
    account.preview_open_until = now() + OPEN_FOR if is_open else None
    account.save(update_fields=["preview_opened_at", "preview_open_until"])
    Session.objects.filter(person=account).update(revoked=True)
    return account


@whole_step()
def close_account(project: Project, *, by: Person) -> None:
    """Delete the account, if there is one."""
    account = account_of(project.pk)
    if account is not None:
        account_id = account.pk
        account.delete()
        emit("person:delete", {"person_id": account_id}, by=by)
