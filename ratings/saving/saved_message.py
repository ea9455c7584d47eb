"""What the next page says after a rating was saved: what the saving opened, a sentence, the answers beside the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alliance_tracker.accounts.models import User
from alliance_tracker.sentences import stopped
from ratings.analysis.attention_order import attention_key
from ratings.analysis.rule import Rule
from ratings.analysis.scores import overall
from ratings.analysis.words import opened_sentence, saved_sentence
from ratings.elements import ITEMS
from ratings.models import Rater, Rating, Signal
from ratings.saving.actions import may_be_changed


@dataclass(frozen=True)
class SavedMessage:
    """A clinician's rating that was just saved, and the clinician's last one of the same therapy `before` it.

    `opened` is the client's rating that this saving opened, None where it opened none, and `rules` are those of the
    signals that it opened, in the order of attention. A note on the chart is no news.
    """

    rating: Rating
    before: Rating | None
    may_be_changed: bool
    opened: Rating | None = None
    rules: Sequence[Rule] = ()

    @property
    def heading(self) -> str:
        """Say for whom it was saved."""
        return stopped(f"Saved for {self.rating.session.episode.client.label}")

    @property
    def news(self) -> str:
        """Say what the saving opened: the client's answers, a strain in them, a gap, signals; empty without any."""
        titles = [rule.title for rule in self.rules if rule.tier != "note"]
        if self.opened is None:
            return opened_sentence(None, None, overall(self.rating.items), titles)
        strain = (self.opened.strain, self.opened.strain_discussed)
        scores = overall(self.opened.items), overall(self.rating.items)
        return opened_sentence(strain, *scores, titles)

    @property
    def sentence(self) -> str:
        before = self.before.items if self.before else None
        return saved_sentence(
            overall(self.rating.items), self.rating.items, overall(before) if before else None, before
        )

    @property
    def marks(self) -> list[tuple[str, int | None, int | None]]:
        """Each item's name, its new answer and the one before."""
        before = self.before.items if self.before else {}
        return [(item.name, self.rating.items[item.key], before.get(item.key)) for item in ITEMS]


def saved_message(user: User, session_id: str, now: datetime) -> SavedMessage | None:
    """Return what was saved for the session named in the address; None unless it is this person's own rating."""
    try:
        pk = UUID(session_id)
    except ValueError:
        return None
    editable = Rating.objects.editable_by(user, now).select_related("session__episode__client")
    own = editable.filter(rater=Rater.CLINICIAN)
    rating = own.filter(session=pk, author=user).first()
    if rating is None:
        return None
    earlier = own.filter(
        session__episode=rating.session.episode_id,
        session__voided_at=None,
        session__starts_at__lt=rating.session.starts_at,
    )
    return SavedMessage(
        rating,
        earlier.order_by("-session__starts_at").first(),
        may_be_changed(rating, user, now),
        opened=editable.filter(session=pk, rater=Rater.CLIENT, opens_at=rating.saved_at).first(),
        rules=rules_opened(user, rating, now),
    )


def rules_opened(user: User, rating: Rating, now: datetime) -> list[Rule]:
    """Return the rules whose signals opened when this rating was saved, in the order of attention."""
    mine = Signal.objects.editable_by(user, now).open().filter(episode=rating.session.episode_id)
    found = mine.filter(opened_at=rating.saved_at).only("rule", "rule_version", "opened_at")
    return [each.of_rule for each in sorted(found, key=lambda each: attention_key(each.of_rule, each.opened_at))]
