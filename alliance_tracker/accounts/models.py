from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from uuid_utils.compat import uuid7

ROLES = {"clinician": "Clinician", "supervisor": "Supervisor", "admin": "Administrator"}


class UserManager(BaseUserManager["User"]):
    def active(self) -> models.QuerySet["User"]:
        return self.filter(is_active=True).order_by("name")

    def clinicians(self) -> models.QuerySet["User"]:
        return self.active().filter(is_clinician=True)

    def supervisors(self) -> models.QuerySet["User"]:
        return self.active().filter(is_supervisor=True)

    def supervising(self, clinician: "User", at: datetime) -> models.QuerySet["User"]:
        """Those who supervise this clinician at that moment."""
        pairs = Supervision.objects.current(at).filter(clinician=clinician)
        return self.supervisors().filter(pk__in=pairs.values("supervisor"))


class User(AbstractBaseUser):
    """Someone who signs in. One person may hold several roles; the e-mail is kept in lower case.

    A supervisor may ask for a digest on a `digest_weekday`, 0 for Monday.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_clinician = models.BooleanField(default=False)
    is_supervisor = models.BooleanField(default=False)
    is_admin = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    deactivated_at = models.DateTimeField(null=True)
    digest_weekday = models.PositiveSmallIntegerField(null=True)
    digest_sent_on = models.DateField(null=True)
    locked_at = models.DateTimeField(null=True)
    let_in_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(
                condition=Q(is_active=True, deactivated_at=None) | Q(is_active=False, deactivated_at__isnull=False),
                name="user_is_active_or_has_deactivation_date",
            ),
            models.CheckConstraint(
                condition=Q(digest_weekday=None) | Q(digest_weekday__lte=6), name="user_digest_weekday_is_a_day"
            ),
        ]

    @property
    def roles(self) -> list[str]:
        return [role for role in ROLES if getattr(self, f"is_{role}")]

    @property
    def role_names(self) -> list[str]:
        return [ROLES[role] for role in self.roles]

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    @property
    def sees_clients(self) -> bool:
        return self.is_clinician or self.is_supervisor

    @property
    def may_sign_in(self) -> bool:
        return self.is_active and self.locked_at is None


class BrowserSession(AbstractBaseSession):
    """What the server keeps of one browser; of a person from sign-in to sign-out."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="browser_sessions")
    device = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    acted_at = models.DateTimeField()


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    def current(self, at: datetime | None = None) -> "SupervisionQuerySet":
        at = at or timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)

    def overlapping(self, starts_at: datetime, ends_at: datetime | None) -> "SupervisionQuerySet":
        pairs = self.filter(Q(ends_at=None) | Q(ends_at__gt=starts_at))
        return pairs.filter(starts_at__lt=ends_at) if ends_at else pairs


class Supervision(models.Model):
    """A supervisor reviews a clinician's caseload from one moment to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supervisor = models.ForeignKey(User, models.PROTECT, related_name="supervises")
    clinician = models.ForeignKey(User, models.PROTECT, related_name="supervised_by")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True)

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__lt=F("ends_at")), name="supervision_starts_before_it_ends"
            ),
            models.CheckConstraint(condition=~Q(supervisor=F("clinician")), name="supervision_of_someone_else"),
            models.UniqueConstraint(
                fields=["supervisor", "clinician"], condition=Q(ends_at=None), name="supervision_open_once_per_pair"
            ),
        ]


INVITATION_LASTS = timedelta(hours=48)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, withdrawn_at=None)

    def usable(self, at: datetime) -> "InvitationQuerySet":
        return self.pending().filter(expires_at__gt=at)


class Invitation(models.Model):
    """A single-use address that lets one person make an account. Only a hash of its token is kept.

    The e-mail is empty for the first admin, who gives it on the page.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    is_clinician = models.BooleanField(default=False)
    is_supervisor = models.BooleanField(default=False)
    is_admin = models.BooleanField(default=False)
    supervisor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(accepted_at=None, withdrawn_at=None) & ~Q(email=""),
                name="invitation_pending_once_per_email",
            )
        ]

    @property
    def role_names(self) -> list[str]:
        return [name for role, name in ROLES.items() if getattr(self, f"is_{role}")]


FRANK_TEXT = (
    "Please answer as it was for you. There are no right answers, and nobody is disappointed by a low one: "
    "it helps us to notice early what would suit you better."
)
FRANK_TEXT_LENGTH, EMERGENCY_TEXT_LENGTH = 600, 300
MOST_LINK_DAYS = 14
MOST_KEEP_YEARS = 100
EMERGENCY_TEXT = "Nobody reads this at once. If you need help now, call your local emergency number."


def second_factor_by_default() -> bool:
    return settings.REQUIRE_SECOND_FACTOR


class ServiceSettingsManager(models.Manager["ServiceSettings"]):
    def current(self) -> "ServiceSettings":
        """Return the one row, made with its defaults when it is first asked for."""
        return self.get_or_create()[0]


class ServiceSettings(models.Model):
    """How this service works: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120, default="Psychotherapy service")
    time_zone = models.CharField(max_length=60, default="Europe/London")
    require_second_factor = models.BooleanField(default=second_factor_by_default)
    blind = models.BooleanField(default=True)
    holidays = models.JSONField(default=list)
    link_days = models.PositiveSmallIntegerField(default=4)
    frank_text = models.TextField(default=FRANK_TEXT, max_length=FRANK_TEXT_LENGTH, blank=True)
    emergency_text = models.TextField(default=EMERGENCY_TEXT, max_length=EMERGENCY_TEXT_LENGTH, blank=True)
    keep_years = models.PositiveSmallIntegerField(default=20)
    keep_years_after_death = models.PositiveSmallIntegerField(default=10)

    objects = ServiceSettingsManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="service_settings_is_one_row"),
            models.CheckConstraint(condition=Q(link_days__range=(1, MOST_LINK_DAYS)), name="service_link_days_are_few"),
            models.CheckConstraint(
                condition=Q(keep_years__range=(1, MOST_KEEP_YEARS), keep_years_after_death__range=(1, MOST_KEEP_YEARS)),
                name="service_keeps_records_for_years",
            ),
        ]

    @property
    def holiday_dates(self) -> set[date]:
        return {date.fromisoformat(day) for day in self.holidays}

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def role_flags(roles: Iterable[str]) -> dict[str, bool]:
    return {f"is_{role}": role in roles for role in ROLES}
