"""The last session that both rated, on the client's page: both ratings row by row, and the usual difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ratings.analysis.usual_gap import Pair, UsualGap
from ratings.analysis.words import against, spoken
from ratings.caseload.client_page.visible_episode import VisibleEpisode
from ratings.caseload.timeline import Entry
from ratings.elements import ITEMS
from ratings.models import Rater


@dataclass(frozen=True)
class PairRow:
    """One score of both ratings, and how the client's lies against the clinician's."""

    name: str
    clinician: float | None
    client: float | None
    decimals: int = 0

    @property
    def cells(self) -> list[str]:
        """Both scores as written, the clinician's first."""
        scores = ((self.clinician, "not observed"), (self.client, "skipped"))
        return [without if score is None else spoken(score, self.decimals) for score, without in scores]

    @property
    def words(self) -> str:
        """Say how far the client's score lies from the clinician's; nothing where one is missing."""
        if self.clinician is None or self.client is None:
            return ""
        return against(self.client, self.clinician, self.decimals)

    @property
    def shape(self) -> str:
        """Return the icon that goes with the words."""
        return {"higher": "up", "lower": "down", "same": "flat"}.get(self.words.rpartition(" ")[2], "")


@dataclass
class PairPanel:
    """The sessions of an episode that both the clinician and the client rated, as this person may see them."""

    visible: VisibleEpisode

    @property
    def entries(self) -> Sequence[Entry]:
        return self.visible.timeline.pairs

    @property
    def last(self) -> Entry | None:
        return self.entries[-1] if self.entries else None

    @property
    def rows(self) -> list[PairRow]:
        """Compare the last pair, overall first where both have that score."""
        if self.last is None:
            return []
        clinician, client = (self.last.scores[rater] for rater in (Rater.CLINICIAN, Rater.CLIENT))
        overall = PairRow("Overall", clinician["overall"], client["overall"], decimals=1)
        items = [PairRow(item.name, clinician[item.key], client[item.key]) for item in ITEMS]
        return [overall, *items] if overall.words else items

    @cached_property
    def gap(self) -> UsualGap:
        """The gap of the last pair, and what is usual between the two from the pairs before it."""
        *before, last = [overall_scores(entry) for entry in self.entries] or [None]
        return UsualGap([pair for pair in before if pair], last)

    @property
    def has_gaps(self) -> bool:
        return bool(self.gap.last or self.gap.before)

    @property
    def clinician(self) -> str:
        """Name who rated for the clinician: "you" only where every one of the ratings is this person's own."""
        own = all(entry.clinician and entry.clinician.author_id == self.visible.user.pk for entry in self.entries)
        return "you" if own else "the clinician"

    @property
    def sentence(self) -> str:
        """Say what is usual between the two, and whether the last pair is."""
        return self.gap.sentence(self.client, self.clinician)

    @property
    def client(self) -> str:
        """What the client is called within a sentence."""
        return self.visible.names_in_sentences[Rater.CLIENT]

    @property
    def stands_out(self) -> str:
        """Say how far the last pair lies apart, where that is further than usual; empty where it is not."""
        if self.last is None or self.gap.last is None or not self.gap.stands_out:
            return ""
        return (
            f"In session {self.last.number} {self.client} rated {against(*self.gap.last)} than {self.clinician}: see "
            "the last session both rated."
        )


def overall_scores(entry: Entry) -> Pair | None:
    """Return both overall scores of a session, the client's first; None where one is missing."""
    client, clinician = entry.score(Rater.CLIENT, "overall"), entry.score(Rater.CLINICIAN, "overall")
    return None if client is None or clinician is None else (client, clinician)
