"""What the server keeps for a short while about people who prove who they are; of secrets it keeps the digest alone."""

from django.db import models

from core.models import BaseModel


class EmailCode(BaseModel):
    """The code that a person was sent by e-mail; a newer one replaces it."""

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="email_code")
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta(BaseModel.Meta):
        db_table = "email_code"


class SpentProof(BaseModel):
    """A proof of identity that was used: a code or an answer of a key counts once. It goes when nobody would take it any more."""

    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta(BaseModel.Meta):
        db_table = "spent_proof"


class AppLoginCode(BaseModel):
    """A code by which a desktop application signs in as the person whose browser asked for it, while that session lives.

    `challenge` is the digest of a secret that the application alone knows. `skip_2fa_setup` comes from the session.
    """

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="app_login_codes")
    session = models.ForeignKey("people.Session", models.CASCADE, null=True, blank=True, related_name="app_login_codes")
    digest = models.CharField(max_length=64, unique=True)
    challenge = models.CharField(max_length=43)
    skip_2fa_setup = models.BooleanField(default=False)
    expires_at = models.DateTimeField()

    class Meta(BaseModel.Meta):
        db_table = "app_login_code"
