"""What the next page says after a rating was saved: a sentence, and the answers beside those of the time before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alliance_tracker.accounts.models import User
from ratings.analysis.scores import overall
from ratings.analysis.words import saved_sentence
from ratings.elements import ITEMS
from ratings.models import Rater, Rating
from ratings.saving.actions import may_be_changed


@dataclass(frozen=True)
class SavedMessage:
    """A clinician's rating that was just saved, and the clinician's last one of the same therapy `before` it."""

    rating: Rating
    before: Rating | None
    may_be_changed: bool

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
    own = Rating.objects.editable_by(user, now).filter(rater=Rater.CLINICIAN).select_related("session__episode__client")
    rating = own.filter(session=pk, author=user).first()
    if rating is None:
        return None
    earlier = own.filter(
        session__episode=rating.session.episode_id,
        session__voided_at=None,
        session__starts_at__lt=rating.session.starts_at,
    )
    return SavedMessage(rating, earlier.order_by("-session__starts_at").first(), may_be_changed(rating, user, now))
