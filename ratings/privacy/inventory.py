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
class InventoryEntry:
    """One table, or one thing beside the database, in plain words: what it holds, for how long, and who sees it."""

    name: str
    holds: str
    kept: str
    seen_by: str


STORED = {
    "clients.Client": InventoryEntry(
        "Clients",
        "The service's own code; name and e-mail where given; whether the client stopped invitations",
        WITH_THE_RECORD,
        f"{HOLDER}; administrators the code only",
    ),
    "clients.Episode": InventoryEntry(
        "Therapies",
        "First and last day, how it ended, the weekly pattern, when to ask the client",
        WITH_THE_RECORD,
        f"{HOLDER}; administrators when it began and ended",
    ),
    "clients.Assignment": InventoryEntry(
        "Who holds a therapy", "Clinician, from when to when", WITH_THE_RECORD, f"{HOLDER}; administrators"
    ),
    "clients.TherapySession": InventoryEntry(
        "Sessions", "When, where, held or not, and why one was taken out", WITH_THE_RECORD, HOLDER
    ),
    "ratings.Rating": InventoryEntry(
        "Ratings",
        "Answers from 1 to 7, whether there was a strain, the note; by the clinician, the client or an observer",
        WITH_THE_RECORD,
        f"{HOLDER}; the client's once it has opened",
    ),
    "ratings.RatingVersion": InventoryEntry(
        "Versions of ratings",
        "Each rating as it was saved, each time, and why it was changed",
        WITH_THE_RECORD,
        f"{HOLDER}; the client's once it has opened",
    ),
    "ratings.RatingDraft": InventoryEntry("Drafts", "What was typed and not saved", "14 days", "Whoever typed it"),
    "ratings.ClientLink": InventoryEntry(
        "Questions to clients",
        "When a client was asked, in which way, and what came of it; of the secret only a hash",
        WITH_THE_RECORD,
        HOLDER,
    ),
    "ratings.Standing": InventoryEntry(
        "Standings", "What lists show, computed from the ratings", "Computed anew with each rating", HOLDER
    ),
    "ratings.Signal": InventoryEntry(
        "Signals",
        "What the rules found, from which numbers, and who has seen it",
        WITH_THE_RECORD,
        HOLDER,
    ),
    "ratings.Rupture": InventoryEntry(
        "Strains", "Since which session, how it stands, and whether it was one", WITH_THE_RECORD, HOLDER
    ),
    "ratings.RuptureEvent": InventoryEntry(
        "Words about strains", "Who said what of a strain, when, with the note", WITH_THE_RECORD, HOLDER
    ),
    "ratings.SignalPause": InventoryEntry(
        "Paused signals", "From when to when, by whom and why", WITH_THE_RECORD, HOLDER
    ),
    "ratings.SignalReview": InventoryEntry(
        "Signals seen in supervision", "Which supervisor has seen a signal, and when", WITH_THE_RECORD, HOLDER
    ),
    "ratings.FollowUp": InventoryEntry(
        "Follow-ups", "What is to do for a client, by whom and when", WITH_THE_RECORD, HOLDER
    ),
    "ratings.AgendaItem": InventoryEntry(
        "Cases of meetings",
        "Why a client was spoken of in supervision, what was decided, the minutes",
        WITH_THE_RECORD,
        HOLDER,
    ),
    "ratings.Meeting": InventoryEntry(
        "Meetings", "A supervisor and a day; nothing of a client", ALWAYS, "The supervisor"
    ),
    "clients.EmergencyAccess": InventoryEntry(
        "Emergency access",
        "Who read a record without being responsible for the client, why, and what the review said",
        WITH_THE_RECORD,
        f"{HOLDER}; administrators how many wait for a review",
    ),
    "ratings.Rectification": InventoryEntry(
        "Disagreements", "What a client disagrees with in the record", WITH_THE_RECORD, HOLDER
    ),
    "ratings.LegalHold": InventoryEntry(
        "Holds", "That a record must be kept, why and until when", WITH_THE_RECORD, ADMINS
    ),
    "ratings.Tombstone": InventoryEntry(
        "Erasures",
        "Of an erased client an id that leads nowhere, the day, the basis, who approved it",
        ALWAYS,
        NOBODY,
    ),
    "ratings.PriorVersion": InventoryEntry(
        "Starting values",
        "What this service expects before any rating: averages, of nobody in particular",
        ALWAYS,
        NOBODY,
    ),
    "ratings.RuleCount": InventoryEntry(
        "Counts of signals",
        "How often each kind of signal came up in 90 days, all clients together, was acted on, and was a strain",
        "Written anew each night",
        "Clinicians, supervisors",
    ),
    "ratings.RuleCheck": InventoryEntry(
        "Check of the rule",
        "How many sessions were unusually low or high, and how often a strain was reported then, all clients together",
        "Written anew each night",
        "Clinicians, supervisors, administrators",
    ),
    "ratings.SaidSwitch": InventoryEntry(
        "Switch of the rule", "From when on words about a strain count as part of a drop, or no longer", ALWAYS, ADMINS
    ),
    "ratings.ServiceMonth": InventoryEntry(
        "Months of the service report",
        "Counts and averages of all clients together",
        "13 months are written anew each night, older ones stay",
        "Supervisors, administrators",
    ),
    "audit.AuditEvent": InventoryEntry(
        "Audit trail",
        "Who did or looked at what, when and why, by ids; never an answer, a note or a name",
        f"{ALWAYS}; it outlives an erasure",
        "Administrators; clinicians who opened the pages of their clients",
    ),
    "audit.AuditSeal": InventoryEntry(
        "Seals of the audit trail", "How many events there were up to a day, and their digest", ALWAYS, NOBODY
    ),
    "audit.Permit": InventoryEntry(
        "Permits", "Which row an erasure or a change of keys may touch; empty at all other times", "An instant", NOBODY
    ),
    "accounts.User": InventoryEntry(
        "Staff", "Work e-mail, name, roles, hash of the password, last sign-in", ALWAYS, f"{ADMINS}; the person"
    ),
    "accounts.Supervision": InventoryEntry(
        "Supervision pairs", "Who supervises whom, from when to when", ALWAYS, ADMINS
    ),
    "accounts.Invitation": InventoryEntry(
        "Invitations", "E-mail, name and roles of someone invited; of the address only a hash", ALWAYS, ADMINS
    ),
    "accounts.ServiceSettings": InventoryEntry("Settings", "How this service works", ALWAYS, ADMINS),
    "account.EmailAddress": InventoryEntry(
        "E-mails for sign-in", "The work e-mail of each account once more", ALWAYS, NOBODY
    ),
    "account.EmailConfirmation": InventoryEntry(
        "Confirmations of e-mails", "Nothing: they are not used", ALWAYS, NOBODY
    ),
    "mfa.Authenticator": InventoryEntry(
        "Second factors",
        "Of each person the passkeys, which are public, and the encrypted secrets of a code app and of recovery codes",
        "Until the person or an administrator removes them",
        NOBODY,
    ),
    "accounts.BrowserSession": InventoryEntry(
        "Sign-ins",
        "Who is signed in, since when and on which kind of device; the message of the next page; for 15 minutes, "
        "encrypted, a form that met a locked session",
        "12 hours, cleared at night",
        "The person: device and times",
    ),
    "contenttypes.ContentType": InventoryEntry("Names of tables", "Nothing about people", ALWAYS, NOBODY),
    "auth.Permission": InventoryEntry("Permissions of the framework", "Nothing: it is not used", ALWAYS, NOBODY),
    "auth.Group": InventoryEntry("Groups of the framework", "Nothing: it is not used", ALWAYS, NOBODY),
}
ELSEWHERE = [
    InventoryEntry(
        "Cache, in the database",
        "How many wrong passwords and codes were tried, by network address",
        "A day, cleared at night",
        NOBODY,
    ),
    InventoryEntry(
        "Log, on the server",
        "Warnings and errors, without names, answers and secrets",
        "As the server is set up: days, not years",
        "Who runs the server",
    ),
    InventoryEntry(
        "Keys, beside the database",
        "What the encrypted columns are written with",
        "As long as anything is written with them, backups included",
        "Who runs the server",
    ),
    InventoryEntry(
        "List of erasures, beside the database",
        "The same as Erasures, for use after a backup was restored",
        ALWAYS,
        "Who runs the server",
    ),
    InventoryEntry(
        "Extracts for validation, where they were written",
        "Ratings under random ids, without names, codes, notes and dates; of enough clients only",
        "Until whoever asked for one deletes it",
        "Who runs the server, and whom they give it to",
    ),
    InventoryEntry(
        "Backups",
        "All of the above as of one night",
        "As they are set up: at most 35 days",
        "Who runs the server",
    ),
]


@dataclass(frozen=True)
class InventoryLine:
    """One table on the page What is stored, with its name in the database and the columns that are encrypted."""

    stored: InventoryEntry
    table: str
    encrypted: str


def lines() -> list[InventoryLine]:
    """Return a line for each table, in the order above."""
    found = []
    for label, stored in STORED.items():
        model = apps.get_model(label)
        encrypted = ", ".join(field.name.replace("_", " ") for field in encrypted_fields(model))
        found.append(InventoryLine(stored, model._meta.db_table, encrypted))  # noqa: SLF001
    return found
