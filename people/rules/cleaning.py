"""Removing what signing in leaves behind."""

from django.db.models import Q

from core.models import now
from core.rules import wipe
from core.transactions import whole_step
from people.models import AppLoginCode, Attempts, EmailCode, OneTimeToken, Session, SpentProof


@whole_step()
def clear_spent_tokens(*, dry_run: bool = False) -> dict[str, int]:
    """Remove sessions that ended, and codes, reset tokens and counters that are over; how many of each. It ends nothing."""
    moment = now()
    over = Q(expires_at__lt=moment)
    rows = {
        "app codes": AppLoginCode.objects.filter(over | Q(session__revoked=True) | Q(session__expires_at__lt=moment)),
        "sessions": Session.objects.filter(over | Q(revoked=True)),
        "one-time tokens": OneTimeToken.objects.filter(over),
        "e-mail codes": EmailCode.objects.filter(over),
        "spent proofs": SpentProof.objects.filter(over),
        "failed attempts": Attempts.objects.filter(forgotten_at__lt=moment),
    }
    counts = {name: found.count() for name, found in rows.items()}
    if not dry_run:
        for found in rows.values():
            wipe(found.model._base_manager.filter(pk__in=found.order_by().values("pk")))
    return counts


@whole_step()
def end_every_session() -> int:
    """Everybody has to sign in again; how many sessions that ends. Tokens of bots and scripts stay good."""
    return Session.objects.filter(revoked=False).update(revoked=True)
