"""Every version of a rating, as a table: one column a version, and the one that stood at a moment."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ratings.elements import DISCUSSED, DISCUSSED_QUESTION, ITEMS, STRAIN, STRAIN_QUESTION, TALKED, TALKED_QUESTION
from ratings.models import Rating, RatingVersion

WORDS = {
    "strain": (STRAIN_QUESTION, dict(STRAIN)),
    "strain_discussed": (TALKED_QUESTION, dict(TALKED)),
    "discussed": (DISCUSSED_QUESTION, dict(DISCUSSED)),
}
NOT_ANSWERED = "–"  # noqa: RUF001


@dataclass(frozen=True)
class VersionTable:
    """The versions of one rating, oldest first. `wanted` is a moment as an address has it; a wrong one is no moment."""

    rating: Rating
    wanted: str

    @cached_property
    def versions(self) -> list[RatingVersion]:
        return list(self.rating.versions.select_related("saved_by", "moved_from__episode__client").order_by("version"))

    @cached_property
    def at(self) -> datetime | None:
        try:
            moment = parse_datetime(self.wanted)
        except ValueError:
            return None
        return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment

    @property
    def stood(self) -> RatingVersion | None:
        """Return the version that stood at the moment asked for; None before the first one."""
        return next((version for version in reversed(self.versions) if self.at and version.saved_at <= self.at), None)

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """Return each question with its answer in every version; only what was answered at least once."""
        rows = [
            (item.name, [str(version.items[item.key] or "not observed") for version in self.versions]) for item in ITEMS
        ]
        for name, (question, words) in WORDS.items():
            rows.append((question, [words.get(getattr(version, name), NOT_ANSWERED) for version in self.versions]))
        rows.append(("Note", [version.note or NOT_ANSWERED for version in self.versions]))
        return [(name, cells) for name, cells in rows if set(cells) != {NOT_ANSWERED}]
