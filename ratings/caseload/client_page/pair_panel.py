"""The last session that both rated, on the client's page: both ratings row by row, and the usual difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ratings.analysis.paired_difference import difference
from ratings.analysis.words import LEAST_FOR_TREND, against, gap_sentence, spoken
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
    def scores(self) -> list[tuple[float, float]]:
        """Both overall scores, the client's first, of each session that has them."""
        found = []
        for entry in self.entries:
            client, clinician = entry.score(Rater.CLIENT, "overall"), entry.score(Rater.CLINICIAN, "overall")
            if client is not None and clinician is not None:
                found.append((client, clinician))
        return found

    @property
    def clinician(self) -> str:
        """Name who rated for the clinician: "you" only where every one of the ratings is this person's own."""
        own = all(entry.clinician and entry.clinician.author_id == self.visible.user.pk for entry in self.entries)
        return "you" if own else "the clinician"

    @property
    def sentence(self) -> str:
        """Say what is usual between the two, once there are four pairs of overall scores."""
        if len(self.scores) < LEAST_FOR_TREND:
            return "From the fourth session with both overall scores on, the usual difference is shown here."
        clients, clinicians = zip(*self.scores, strict=True)
        client = self.visible.names_in_sentences[Rater.CLIENT]
        return gap_sentence(client, self.clinician, difference(clients, clinicians), len(self.scores))
