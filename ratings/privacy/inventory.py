"""What is stored, table by table, in plain words: the one place for it. A test holds it against the models."""

from dataclasses import dataclass

from django.apps import apps

from alliance_tracker.encryption import encrypted_fields

WITH_THE_RECORD = "With the client's record"
ALWAYS = "As long as the service runs"
HOLDER = "Clinician in charge, their supervisor"
ADMINS = "Administrators"
NOBODY = "Nobody on a page"


@dataclass(frozen=True)
class Stored:
    """One table in plain words: what it is called, what it holds, for how long, and who sees it."""

    name: str
    holds: str
    kept: str
    seen_by: str


STORED = {
    "clients.Client": Stored(
        "Clients",
        "The service's own code; name and e-mail where given; whether the client stopped invitations",
        WITH_THE_RECORD,
        f"{HOLDER}; administrators the code only",
    ),
    "clients.Episode": Stored(
        "Therapies",
        "First and last day, how it ended, the weekly pattern, when to ask the client",
        WITH_THE_RECORD,
        f"{HOLDER}; administrators when it began and ended",
    ),
    "clients.Assignment": Stored(
        "Who holds a therapy", "Clinician, from when to when", WITH_THE_RECORD, f"{HOLDER}; administrators"
    ),
    "clients.TherapySession": Stored(
        "Sessions", "When, where, held or not, and why one was taken out", WITH_THE_RECORD, HOLDER
    ),
    "ratings.Rating": Stored(
        "Ratings",
        "Answers from 1 to 7, whether there was a strain, the note; by the clinician, the client or an observer",
        WITH_THE_RECORD,
        f"{HOLDER}; the client's once it has opened",
    ),
    "ratings.RatingVersion": Stored(
        "Versions of ratings",
        "Each rating as it was saved, each time, and why it was changed",
        WITH_THE_RECORD,
        f"{HOLDER}; the client's once it has opened",
    ),
    "ratings.RatingDraft": Stored("Drafts", "What was typed and not saved", "14 days", "Whoever typed it"),
    "ratings.ClientLink": Stored(
        "Questions to clients",
        "When a client was asked, in which way, and what came of it; of the secret only a hash",
        WITH_THE_RECORD,
        HOLDER,
    ),
    "ratings.Standing": Stored(
        "Standings", "What lists show, computed from the ratings", "Computed anew with each rating", HOLDER
    ),
    "ratings.Signal": Stored(
        "Signals",
        "What the rules found, from which numbers, and who has seen it",
        WITH_THE_RECORD,
        HOLDER,
    ),
    "ratings.Rupture": Stored("Strains", "Since which session, how it stands", WITH_THE_RECORD, HOLDER),
    "ratings.RuptureEvent": Stored(
        "Words about strains", "Who said what of a strain, when, with the note", WITH_THE_RECORD, HOLDER
    ),
    "ratings.SignalPause": Stored("Paused signals", "From when to when, by whom and why", WITH_THE_RECORD, HOLDER),
    "ratings.SignalReview": Stored(
        "Signals seen in supervision", "Which supervisor has seen a signal, and when", WITH_THE_RECORD, HOLDER
    ),
    "ratings.FollowUp": Stored("Follow-ups", "What is to do for a client, by whom and when", WITH_THE_RECORD, HOLDER),
    "ratings.AgendaItem": Stored(
        "Cases of meetings",
        "Why a client was spoken of in supervision, what was decided, the minutes",
        WITH_THE_RECORD,
        HOLDER,
    ),
    "ratings.Meeting": Stored("Meetings", "A supervisor and a day; nothing of a client", ALWAYS, "The supervisor"),
    "clients.EmergencyAccess": Stored(
        "Emergency access",
        "Who read a record without being responsible for the client, why, and what the review said",
        WITH_THE_RECORD,
        f"{HOLDER}; administrators how many wait for a review",
    ),
    "ratings.Rectification": Stored(
        "Disagreements", "What a client disagrees with in the record", WITH_THE_RECORD, HOLDER
    ),
    "ratings.LegalHold": Stored("Holds", "That a record must be kept, why and until when", WITH_THE_RECORD, ADMINS),
    "ratings.Tombstone": Stored(
        "Erasures",
        "Of an erased client an id that leads nowhere, the day, the basis, who approved it",
        ALWAYS,
        NOBODY,
    ),
    "ratings.PriorVersion": Stored(
        "Starting values",
        "What this service expects before any rating: averages, of nobody in particular",
        ALWAYS,
        NOBODY,
    ),
    "ratings.RuleCount": Stored(
        "Counts of signals",
        "How often each kind of signal came up in 90 days, all clients together, and was acted on",
        "Written anew each night",
        "Clinicians, supervisors",
    ),
    "ratings.ServiceMonth": Stored(
        "Months of the service report",
        "Counts and averages of all clients together",
        "13 months are written anew each night, older ones stay",
        "Supervisors, administrators",
    ),
    "audit.AuditEvent": Stored(
        "Audit trail",
        "Who did or looked at what, when and why, by ids; never an answer, a note or a name",
        f"{ALWAYS}; it outlives an erasure",
        "Administrators; clinicians who opened the pages of their clients",
    ),
    "audit.AuditSeal": Stored(
        "Seals of the audit trail", "How many events there were up to a day, and their digest", ALWAYS, NOBODY
    ),
    "audit.Permit": Stored(
        "Permits", "Which row an erasure or a change of keys may touch; empty at all other times", "An instant", NOBODY
    ),
    "accounts.User": Stored(
        "Staff", "Work e-mail, name, roles, hash of the password, last sign-in", ALWAYS, f"{ADMINS}; the person"
    ),
    "accounts.Supervision": Stored("Supervision pairs", "Who supervises whom, from when to when", ALWAYS, ADMINS),
    "accounts.Invitation": Stored(
        "Invitations", "E-mail, name and roles of someone invited; of the address only a hash", ALWAYS, ADMINS
    ),
    "accounts.ServiceSettings": Stored("Settings", "How this service works", ALWAYS, ADMINS),
    "account.EmailAddress": Stored("E-mails for sign-in", "The work e-mail of each account once more", ALWAYS, NOBODY),
    "account.EmailConfirmation": Stored("Confirmations of e-mails", "Nothing: they are not used", ALWAYS, NOBODY),
    "mfa.Authenticator": Stored(
        "Second factors",
        "Of each person the passkeys, which are public, and the encrypted secrets of a code app and of recovery codes",
        "Until the person or an administrator removes them",
        NOBODY,
    ),
    "accounts.BrowserSession": Stored(
        "Sign-ins",
        "Who is signed in, since when and on which kind of device; the message of the next page; for 15 minutes, "
        "encrypted, a form that met a locked session",
        "12 hours, cleared at night",
        "The person: device and times",
    ),
    "contenttypes.ContentType": Stored("Names of tables", "Nothing about people", ALWAYS, NOBODY),
    "auth.Permission": Stored("Permissions of the framework", "Nothing: it is not used", ALWAYS, NOBODY),
    "auth.Group": Stored("Groups of the framework", "Nothing: it is not used", ALWAYS, NOBODY),
}
ELSEWHERE = [
    Stored(
        "Cache, in the database",
        "How many wrong passwords and codes were tried, by network address",
        "A day, cleared at night",
        NOBODY,
    ),
    Stored(
        "Log, on the server",
        "Warnings and errors, without names, answers and secrets",
        "As the server is set up: days, not years",
        "Who runs the server",
    ),
    Stored(
        "Keys, beside the database",
        "What the encrypted columns are written with",
        "As long as anything is written with them, backups included",
        "Who runs the server",
    ),
    Stored(
        "List of erasures, beside the database",
        "The same as Erasures, for use after a backup was restored",
        ALWAYS,
        "Who runs the server",
    ),
    Stored(
        "Backups",
        "All of the above as of one night",
        "As they are set up: at most 35 days",
        "Who runs the server",
    ),
]


@dataclass(frozen=True)
class Line:
    """A line of the page: one table, with its name in the database and the columns that are encrypted."""

    stored: Stored
    table: str
    encrypted: str


def lines() -> list[Line]:
    """Return a line for each table, in the order above."""
    found = []
    for label, stored in STORED.items():
        model = apps.get_model(label)
        encrypted = ", ".join(field.name.replace("_", " ") for field in encrypted_fields(model))
        found.append(Line(stored, model._meta.db_table, encrypted))  # noqa: SLF001
    return found
