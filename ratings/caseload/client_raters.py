"""What the client's page shows of several raters together: the last pair, the usual gap, and observers apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from alliance_tracker.accounts.models import User
from ratings.analysis.paired_difference import difference
from ratings.analysis.words import LEAST_FOR_TREND, against, gap_sentence, spoken
from ratings.caseload.timeline import COLUMNS, Entry, written
from ratings.elements import ITEM_KEYS, ITEMS
from ratings.models import Rater, Rating


@dataclass(frozen=True)
class Compared:
    """One row of the last pair: both scores, and how the client's lies against the clinician's."""

    name: str
    clinician: float | None
    client: float | None
    decimals: int = 0

    @property
    def said(self) -> list[str]:
        """Both scores as written, the clinician's first."""
        scores = ((self.clinician, "not observed"), (self.client, "skipped"))
        return [without if score is None else spoken(score, self.decimals) for score, without in scores]

    @property
    def words(self) -> str:
        if self.clinician is None or self.client is None:
            return ""
        return against(self.client, self.clinician, self.decimals)

    @property
    def shape(self) -> str:
        """Return the icon that goes with the words."""
        return {"higher": "up", "lower": "down", "same": "flat"}.get(self.words.rpartition(" ")[2], "")


@dataclass(frozen=True)
class Pairs:
    """The sessions of an episode that both rated, as this person may see them; `client` is what the page calls them."""

    entries: Sequence[Entry]
    user: User
    client: str

    @property
    def last(self) -> Entry | None:
        return self.entries[-1] if self.entries else None

    @property
    def rows(self) -> list[Compared]:
        """Compare the last pair, overall first where both have that score."""
        if self.last is None:
            return []
        by = {rater: self.last.scores[rater] for rater in (Rater.CLINICIAN, Rater.CLIENT)}
        names = {"overall": ("Overall", 1)} | {item.key: (item.name, 0) for item in ITEMS}
        rows = {key: Compared(name, by["clinician"][key], by["client"][key], to) for key, (name, to) in names.items()}
        return [row for key, row in rows.items() if key in ITEM_KEYS or row.words]

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
    def have_scores(self) -> bool:
        return bool(self.scores)

    @property
    def clinician(self) -> str:
        """Name who rated for the clinician: "you" only where every one of the ratings is this person's own."""
        own = all(entry.clinician and entry.clinician.author_id == self.user.pk for entry in self.entries)
        return "you" if own else "the clinician"

    @property
    def sentence(self) -> str:
        """Say what is usual between the two, once there are four pairs of overall scores."""
        if len(self.scores) < LEAST_FOR_TREND:
            return "From the fourth session with both overall scores on, the usual difference is shown here."
        clients, clinicians = zip(*self.scores, strict=True)
        return gap_sentence(self.client, self.clinician, difference(clients, clinicians), len(self.scores))


@dataclass(frozen=True)
class Observed:
    """One observer's rating of one session."""

    entry: Entry
    rating: Rating
    is_own: bool

    @property
    def cells(self) -> list[str]:
        """The scores in the order of the columns of the sessions table."""
        scores = self.rating.answers.scores
        return [written(scores, key) for key, _, _ in COLUMNS]


def observed_in(entries: Sequence[Entry], user: User) -> list[Observed]:
    """Return the observers' ratings, newest session first."""
    return [
        Observed(entry, rating, is_own=rating.author_id == user.pk)
        for entry in reversed(entries)
        for rating in entry.observed
    ]
