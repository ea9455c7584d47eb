"""Mutants that no test can notice, each with the reason: docs/decisions/0034-second-locks.md."""

OF_REVIEWED_ROWS = "Only what belongs to an episode of the rows is read, and the rows were found by `supervised_by`."
ONE_OF_TWO = (
    "Either of two locks: the note is looked up among the person's own ratings, and for their own sessions only."
)
BEFORE_SESSION = "The first of two locks: `session_of` fetches the session by `responsible_for`, with the same 404."
IN_THE_HASH = "The hash is of the session and its answers together, so no other session has the same."
BY_CONSTRAINT = (
    "A constraint lets only a client's rating have `opens_at`; the word is there for the index of these alone."
)
VERSIONS = "ratings/saving/views/corrections.py rating_versions"
EXPLAINED: dict[str, str] = {
    "ratings/supervision/candidates.py candidates: AgendaItem.objects.supervised_by shows all": OF_REVIEWED_ROWS,
    "ratings/supervision/candidates.py candidates: FollowUp.objects.supervised_by shows all": OF_REVIEWED_ROWS,
    "ratings/supervision/attention.py attention_of: FollowUp.objects.supervised_by shows all": OF_REVIEWED_ROWS,
    "ratings/asking/answering.py was_sent: filter without session=link.session": IN_THE_HASH,
    "ratings/models/rating.py hidden: filter without rater=Rater.CLIENT": BY_CONSTRAINT,
    "ratings/caseload/brief.py session_briefs: Rating.objects.editable_by shows all": ONE_OF_TWO,
    f"{VERSIONS}: Rating.objects.responsible_for shows all": BEFORE_SESSION,
    f"{VERSIONS}: Rating.objects.responsible_for becomes visible_to": BEFORE_SESSION,
}
