"""Persons: the people of the studio, who are also its users, and what the server keeps about their sessions."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from core.fields import CodeField, JsonField, coded, is_list, is_list_of_texts, is_object
from core.models import BaseModel, now
from people.models.managers import PersonManager


def default_timezone() -> str:
    """The IANA time zone of new people."""
    return settings.DEFAULT_TIMEZONE


def default_locale() -> str:
    """The locale of new people, such as en_US."""
    return settings.DEFAULT_LOCALE


class Person(AbstractBaseUser, BaseModel):
    """A member of the studio, a bot, a guest of a shared playlist or a production's preview account."""

    last_login = None
    USERNAME_FIELD = "email"
    objects = PersonManager()

    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    email = models.EmailField(max_length=255, null=True, blank=True)
    phone = models.CharField(max_length=30, null=True, blank=True)
    country = models.CharField(max_length=2, null=True, blank=True)
    contract_type = CodeField(
        max_length=20,
        choices=coded("open-ended", "fixed-term", "short-term", "freelance", "apprentice", "internship"),
        default="open-ended",
    )
    active = models.BooleanField(null=True, blank=True, default=True)
    archived = models.BooleanField(null=True, blank=True, default=False)
    last_presence = models.DateField(null=True, blank=True)
    password = models.CharField(max_length=128)
    desktop_login = models.CharField(max_length=80, null=True, blank=True)
    login_failed_attemps = models.IntegerField(null=True, blank=True, default=0)
    last_login_failed = models.DateTimeField(null=True, blank=True)
    totp_enabled = models.BooleanField(null=True, blank=True, default=False)
    totp_secret = models.CharField(max_length=32, null=True, blank=True)
    email_otp_enabled = models.BooleanField(null=True, blank=True, default=False)
    email_otp_secret = models.CharField(max_length=32, null=True, blank=True)
    fido_enabled = models.BooleanField(null=True, blank=True, default=False)
    fido_credentials = JsonField(shape=is_list, null=True, blank=True)
    otp_recovery_codes = JsonField(shape=is_list_of_texts, null=True, blank=True)
    preferred_two_factor_authentication = CodeField(
        max_length=20, choices=coded("totp", "email_otp", "fido"), null=True, blank=True
    )
    shotgun_id = models.IntegerField(null=True, blank=True, unique=True)
    timezone = models.CharField(max_length=64, null=True, blank=True, default=default_timezone)
    locale = models.CharField(max_length=10, null=True, blank=True, default=default_locale)
    use_12_hour_clock = models.BooleanField(null=True, blank=True, default=False)
    display_date_format = models.CharField(max_length=20, null=True, blank=True, default="YYYY-MM-DD")
    data = JsonField(shape=is_object, null=True, blank=True)
    role = CodeField(max_length=20, choices=coded("user", "admin", "supervisor", "manager", "client", "vendor"), default="user")
    position = CodeField(max_length=20, choices=coded("supervisor", "lead", "artist"), null=True, blank=True, default="artist")
    seniority = CodeField(max_length=20, choices=coded("senior", "mid", "junior"), null=True, blank=True, default="mid")
    daily_salary = models.IntegerField(null=True, blank=True, default=0)
    has_avatar = models.BooleanField(null=True, blank=True, default=False)
    notifications_enabled = models.BooleanField(null=True, blank=True, default=False)
    notifications_slack_enabled = models.BooleanField(null=True, blank=True, default=False)
    notifications_slack_userid = models.CharField(max_length=60, null=True, blank=True, default="")
    notifications_mattermost_enabled = models.BooleanField(null=True, blank=True, default=False)
    notifications_mattermost_userid = models.CharField(max_length=60, null=True, blank=True, default="")
    notifications_discord_enabled = models.BooleanField(null=True, blank=True, default=False)
    notifications_discord_userid = models.CharField(max_length=60, null=True, blank=True, default="")
    is_bot = models.BooleanField(default=False)
    is_guest = models.BooleanField(default=False)
    preview_project = models.OneToOneField(
        "production.Project", models.PROTECT, null=True, blank=True, related_name="preview_account"
    )
    preview_opened_at = models.DateTimeField(null=True, blank=True)
    preview_open_until = models.DateTimeField(null=True, blank=True)
    jti = models.CharField(max_length=60, null=True, blank=True, unique=True)
    expiration_date = models.DateField(null=True, blank=True)
    is_generated_from_ldap = models.BooleanField(null=True, blank=True, default=False)
    ldap_uid = models.CharField(max_length=60, null=True, blank=True, unique=True)
    oidc_issuer = models.TextField(null=True, blank=True)
    oidc_subject = models.CharField(max_length=255, null=True, blank=True)
    saml_issuer = models.TextField(null=True, blank=True)
    saml_subject = models.CharField(max_length=255, null=True, blank=True)
    studio = models.ForeignKey("people.Studio", models.PROTECT, null=True, blank=True, related_name="persons")
    departments = models.ManyToManyField("people.Department", blank=True, related_name="persons")

    class Meta(BaseModel.Meta):
        db_table = "person"
        constraints = [
            models.UniqueConstraint(fields=["saml_issuer", "saml_subject"], name="person_unique_saml"),
            models.UniqueConstraint(fields=["oidc_issuer", "oidc_subject"], name="person_unique_oidc"),
            models.UniqueConstraint(Lower("email"), condition=models.Q(is_bot=False), name="person_unique_email"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email or str(self.pk)

    @property
    def full_name(self) -> str:
        """First and last name; where one is empty, the other alone."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_active(self) -> bool:
        """May sign in."""
        return bool(self.active)

    @property
    def is_admin(self) -> bool:
        """Is a studio manager: the role `admin`, which stands above all productions."""
        return self.role == "admin"

    @property
    def is_staff(self) -> bool:
        """May open the back-office."""
        return self.is_admin and self.is_active and not self.is_bot

    is_superuser = is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Studio managers may do everything in the back-office, nobody else anything."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Studio managers see every room of the back-office."""
        return self.is_staff


class Session(BaseModel):
    """One login of a person; its id is the `jti` of the refresh token. What was refreshed from it ends with it."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="sessions")
    access_jti = models.UUIDField()
    expires_at = models.DateTimeField()
    revoked = models.BooleanField(default=False)

    class Meta(BaseModel.Meta):
        db_table = "session"


class OneTimeToken(BaseModel):
    """A secret that was sent to a person and opens one door once: a new password, or a registration that awaits its mail.

    Only the digest of the secret is kept. `email` is the address as it was asked for; it must come back in the same spelling.
    """

    kind = CodeField(max_length=20, choices=coded("password", "registration"))
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="one_time_tokens")
    email = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta(BaseModel.Meta):
        db_table = "one_time_token"


class Attempts(BaseModel):
    """Tries of what may be tried a few times only, such as logins under a name that nobody has; of what it is, a digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    number = models.IntegerField(default=0)
    forgotten_at = models.DateTimeField(default=now, db_index=True)

    class Meta(BaseModel.Meta):
        db_table = "attempts"


class LoginLog(BaseModel):
    """A successful login: when, from where, and whether by a browser (`web`) or a script."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="login_logs")
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    origin = CodeField(max_length=20, choices=coded("web", "script"), default="web")

    class Meta(BaseModel.Meta):
        db_table = "login_log"
        indexes = [models.Index(fields=["-created_at"], name="login_log_newest")]


class DesktopLoginLog(BaseModel):
    """A person's arrival at their desk, as told by a pipeline tool."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="desktop_login_logs")
    date = models.DateTimeField(default=now)

    class Meta(BaseModel.Meta):
        db_table = "desktop_login_log"
