"""Which records are due to be erased, which are on hold, what an erasure would take: codes, days, counts, no names."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings
from clients.codes import latest_episodes
from clients.models import Client, Ending, Episode, TherapySession
from ratings.models import LegalHold, Rating
from ratings.privacy.erasure import rows_of
from ratings.privacy.inventory import STORED

COUNTED = (Episode, TherapySession, Rating)
WITH_THEM = "versions and drafts, questions to the client, signals and strains, supervision, disagreements, holds"
SHOWN = {"": "Due", "held": "On hold", "all": "All"}


@dataclass(frozen=True)
class KeptRecord:
    """One client's record: until when it is kept, and the hold on it if there is one."""

    episode: Episode
    due_on: date | None
    hold: LegalHold | None
    today: date

    @property
    def is_due(self) -> bool:
        return self.due_on is not None and self.due_on <= self.today and self.hold is None


def years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def due_on(latest: Episode | None, service: ServiceSettings) -> date | None:
    """Return the day from which a client's record may be erased; None while a therapy is open.

    The years count from the end of the latest therapy.
    """
    if latest is None or latest.ended_on is None:
        return None
    died = latest.ending == Ending.DIED
    return years_after(latest.ended_on, service.keep_years_after_death if died else service.keep_years)


def is_due(service: ServiceSettings, today: date) -> Q:
    """Return the condition that an episode, the latest of its client, ended long enough ago."""
    died = Q(ending=Ending.DIED)
    return (died & Q(ended_on__lte=years_before(today, service.keep_years_after_death))) | (
        ~died & Q(ended_on__lte=years_before(today, service.keep_years))
    )


def filtered_records(q: str, show: str, service: ServiceSettings) -> QuerySet[Episode]:
    """Return the latest episode of each client: of those due, those on hold, or all."""
    today = timezone.localdate()
    held = Exists(LegalHold.objects.active(today).filter(client=OuterRef("client")))
    episodes = latest_episodes().filter(code__icontains=q)
    if show == "held":
        return episodes.filter(held)
    return episodes if show == "all" else episodes.filter(~held, is_due(service, today)).order_by("ended_on", "code")


def kept_records(episodes: list[Episode], service: ServiceSettings) -> list[KeptRecord]:
    today = timezone.localdate()
    holds = LegalHold.objects.active(today).filter(client__in=[episode.client_id for episode in episodes])
    by_client = {hold.client_id: hold for hold in holds}
    return [KeptRecord(each, due_on(each, service), by_client.get(each.client_id), today) for each in episodes]


def hold_on(client_id: UUID) -> LegalHold:
    """Return the hold on a client's record. Http404 without one."""
    return get_object_or_404(LegalHold.objects.active(timezone.localdate()), client=client_id)


def due_records(service: ServiceSettings) -> QuerySet[Episode]:
    """Return the latest episode of each client whose record may be erased, with the client; the oldest first."""
    return filtered_records("", "", service).select_related("client").defer("client__name", "client__email")


def counts_to_erase(client: Client) -> list[tuple[str, int]]:
    """Count what an erasure would take, by the tables' plain names.

    Only tables that say nothing of the answers: administrators are not to know how many signals or strains there are.
    """
    rows = rows_of(client.pk)
    return [(STORED[model._meta.label].name, len(rows[model])) for model in COUNTED]  # noqa: SLF001
