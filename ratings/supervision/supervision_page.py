"""The supervisor's page: who needs attention and who does not, follow-ups and two figures, as the filters leave them.

The table of clinicians is in `coverage.py` beside this file, that of clients by element in `heat_table.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.http import QueryDict

from alliance_tracker.accounts.models import User
from clients.models import Episode
from ratings.analysis.all_rules import RULES
from ratings.analysis.chance import PER_THERAPY
from ratings.caseload import lists
from ratings.caseload.drawn_figure import DrawnFigure
from ratings.caseload.lists import CaseloadRow
from ratings.caseload.open_items import OpenItem, open_items
from ratings.figures.funnel_and_stages import LatestRating, Stage, funnel, stages, stages_of
from ratings.models import FollowUp, Rater
from ratings.models.supervision import clinician_now
from ratings.supervision.attention import SEEN, SEVERITIES, Attention, Filters, attention

MANY_FOLLOW_UPS = 6
COVERED = timedelta(days=30)
FUNNEL_WORDS = (
    "Distance from usual by rated sessions",
    "Each client's latest rating against their own usual level. All values are in the table below.",
)
STAGE_WORDS = (
    "Latest overall rating by stage of therapy",
    "One dot per client, stacked where ratings are alike. All values are in the table below.",
)


@dataclass
class SupervisionPage:
    """A supervisor's clients as the address asks to see them."""

    supervisor: User
    now: datetime
    options: QueryDict

    chance = PER_THERAPY

    @cached_property
    def episodes(self) -> list[Episode]:
        """The open therapies, and those that ended in the days that coverage counts."""
        return list(lists.supervised(self.supervisor, self.now, ended_within=COVERED))

    @cached_property
    def rows(self) -> list[CaseloadRow]:
        return lists.rows([episode for episode in self.episodes if episode.is_open], self.now)

    @cached_property
    def clinicians(self) -> dict[str, User]:
        found = {str(row.clinician.pk): row.clinician for row in self.rows}
        return dict(sorted(found.items(), key=lambda pair: pair[1].name))

    @cached_property
    def filters(self) -> Filters:
        return Filters.read(self.options)

    @cached_property
    def all_attention(self) -> list[Attention]:
        return attention(self.supervisor, self.rows, self.now, self.all_follow_ups)

    @cached_property
    def attention(self) -> list[Attention]:
        return [item for item in self.all_attention if self.filters.keep(item)]

    @property
    def severities(self) -> list[tuple[str, str, int, bool]]:
        """Each severity with its words, how many there are, and whether it is asked for."""
        found = [item.signal.rule.severity for item in self.all_attention if self.filters.keep_row(item.row)]
        return [(key, words, found.count(key), key in self.filters.severities) for key, words in SEVERITIES.items()]

    @property
    def rules(self) -> dict[str, str]:
        """The signals that a supervisor can meet, by name."""
        return {rule.id: rule.title for rule in RULES.values() if rule.tier != "note"}

    @property
    def seen_choices(self) -> dict[str, str]:
        return SEEN

    @cached_property
    def others(self) -> list[tuple[CaseloadRow, list[OpenItem]]]:
        """The clients who need no attention, by clinician, each with what is open about them."""
        urgent = {item.row for item in self.all_attention}
        kept = [row for row in self.rows if row not in urgent and self.filters.keep_row(row)]
        items = open_items(self.supervisor, kept, self.now, self.all_follow_ups)
        ordered = sorted(kept, key=lambda row: (row.clinician.name, row.client.code))
        return [(row, items.get(row.episode.pk, [])) for row in ordered]

    @property
    def not_yet(self) -> list[tuple[CaseloadRow, list[OpenItem]]]:
        """Those about whom something is open that is not for the supervisor's list yet."""
        return [(row, items) for row, items in self.others if items]

    @property
    def calm(self) -> list[CaseloadRow]:
        """Those about whom nothing is open."""
        return [row for row, items in self.others if not items]

    @cached_property
    def all_follow_ups(self) -> list[FollowUp]:
        return list(FollowUp.objects.supervised_by(self.supervisor, self.now).recent(self.now).with_people(self.now))

    @property
    def follow_ups(self) -> list[FollowUp]:
        return [each for each in self.all_follow_ups if not self.filters.clinician or self.of_clinician(each)]

    def of_clinician(self, follow_up: FollowUp) -> bool:
        return str(clinician_now(follow_up.episode).pk) == self.filters.clinician

    @property
    def first_follow_ups(self) -> list[FollowUp]:
        return self.follow_ups[:MANY_FOLLOW_UPS]

    @property
    def more_follow_ups(self) -> list[FollowUp]:
        return self.follow_ups[MANY_FOLLOW_UPS:]

    @cached_property
    def places(self) -> list[LatestRating]:
        return [latest_to_alarm(row) for row in self.rows if self.filters.keep_row(row)]

    @cached_property
    def placed(self) -> list[LatestRating]:
        """Those who can be read against a usual level of their own, furthest below first."""
        return sorted((each for each in self.places if each.z is not None), key=lambda each: (each.z, each.code))

    @property
    def flagged(self) -> list[LatestRating]:
        return [each for each in self.placed if each.flagged]

    @cached_property
    def funnel(self) -> DrawnFigure | None:
        return DrawnFigure(funnel(self.places), *FUNNEL_WORDS) if self.placed else None

    @cached_property
    def stages(self) -> list[Stage]:
        return stages_of([latest_by_clinician(row) for row in self.rows if self.filters.keep_row(row)])

    @cached_property
    def stage_figure(self) -> DrawnFigure | None:
        return DrawnFigure(stages(self.stages), *STAGE_WORDS) if any(stage.scores for stage in self.stages) else None


def latest_to_alarm(row: CaseloadRow) -> LatestRating:
    """Return the latest rating that may raise an alarm: the client's where it has a score, else the clinician's."""
    mine, theirs = row.documents[Rater.CLINICIAN], row.documents[Rater.CLIENT]
    newest = theirs and theirs["scores"]["overall"] is not None and theirs["rated_at"] >= mine.get("rated_at", "")
    document = theirs if newest else mine
    z = document.get("z")
    overall = document.get("scores", {}).get("overall")
    upwards = None if z is None else -z
    return LatestRating(row.client.code, document.get("rated", 0), overall, upwards, flagged=bool(document.get("flag")))


def latest_by_clinician(row: CaseloadRow) -> LatestRating:
    """Return the clinician's latest overall rating."""
    document = row.documents[Rater.CLINICIAN]
    return LatestRating(row.client.code, document.get("rated", 0), row.overall, None)
