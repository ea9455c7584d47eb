"""Every table of this app, a file a subject."""

from ratings.models.link import CODE_LASTS, HAND_OVER_LASTS, REMIND_AFTER, ClientLink
from ratings.models.privacy import LegalHold, Rectification, Tombstone
from ratings.models.rating import (
    DRAFT_LASTS,
    FREE_EDIT,
    OPENS_AFTER,
    Channel,
    Rater,
    Rating,
    RatingDraft,
    RatingVersion,
    Standing,
)
from ratings.models.report import RuleCheck, RuleCount, SaidSwitch, ServiceMonth
from ratings.models.signal import PriorVersion, Rupture, RuptureEvent, Signal, SignalPause
from ratings.models.supervision import AgendaItem, FollowUp, Meeting, SignalReview

__all__ = [
    "CODE_LASTS",
    "DRAFT_LASTS",
    "FREE_EDIT",
    "HAND_OVER_LASTS",
    "OPENS_AFTER",
    "REMIND_AFTER",
    "AgendaItem",
    "Channel",
    "ClientLink",
    "FollowUp",
    "LegalHold",
    "Meeting",
    "PriorVersion",
    "Rater",
    "Rating",
    "RatingDraft",
    "RatingVersion",
    "Rectification",
    "RuleCheck",
    "RuleCount",
    "Rupture",
    "RuptureEvent",
    "SaidSwitch",
    "ServiceMonth",
    "Signal",
    "SignalPause",
    "SignalReview",
    "Standing",
    "Tombstone",
]
