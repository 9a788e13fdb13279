"""Proofs that count once, however many try at the same instant."""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from core.models import now
from people.models import SpentProof


def spend_once(*proof: str, lifetime: timedelta) -> bool:
    """Use a proof up; it is remembered for as long as somebody might take it. False when it was used before."""
    SpentProof.objects.filter(expires_at__lte=now()).delete()
    digest = salted_hmac("people.proofs", "\n".join(proof), algorithm="sha256").hexdigest()
    return SpentProof.objects.get_or_create(digest=digest, defaults={"expires_at": now() + lifetime})[1]
