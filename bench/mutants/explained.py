"""Mutants that no test can notice, and why: docs/decisions/0034-second-locks.md."""

AFTER_CLIENT = "A second lock: `editable_client` has refused everyone but the clinician before this line is reached."
EXPLAINED: dict[str, str] = {
    "ratings/agenda.py briefs: Rating.objects.supervised_by shows all": (
        "A second lock: the cases of the meeting were found by `supervised_by`, and the notes are of their episodes."
    ),
    "clients/views/clients.py open_episode: Episode.objects.editable_by becomes responsible_for": AFTER_CLIENT,
    "ratings/views/episodes.py reopen_episode: Episode.objects.editable_by becomes responsible_for": AFTER_CLIENT,
    "clients/views/clients.py open_episode: Episode.objects.editable_by shows all": AFTER_CLIENT,
    "ratings/views/episodes.py reopen_episode: Episode.objects.editable_by shows all": AFTER_CLIENT,
    "ratings/views/corrections.py session_of: TherapySession.objects.responsible_for shows all": (
        "A second lock: the rating was fetched by `correctable_by` or `responsible_for`, and the session is its own."
    ),
    "ratings/views/corrections.py rating_versions: Rating.objects.responsible_for shows all": (
        "The first of two locks: `session_of` fetches the session by `responsible_for`, with the same 404."
    ),
    "ratings/views/strain.py change_rupture: Rupture.objects.editable_by shows all": (
        "The first of two locks: `editable_client` fetches the rupture's client and answers the same 404."
    ),
}
