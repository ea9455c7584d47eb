"""A national service, as rows: written inside PostgreSQL, so that ten million ratings take minutes.

Each clinician has 100 clients, of whom 12 are in therapy now, with eight sessions each. The clinician has rated all of
them and the client two. Ids are in order of time, as the app's own are.
"""

from datetime import datetime
from time import perf_counter

from django.db import connection, transaction

from ratings.elements import ITEM_KEYS

CLIENTS, OPEN, SESSIONS, ANSWERED, SUPERVISEES = 100, 12, 8, 2, 6
RATINGS = CLIENTS * (SESSIONS + ANSWERED)  # of one clinician
ITEMS = ", ".join(ITEM_KEYS)


def uuid(kind: str, number: str) -> str:
    """Return SQL for the id of a row: `kind` is two hexadecimal digits, `number` an expression."""
    return f"('01900000-00{kind}-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


PERSON, SUPERVISOR, PAIR, CLIENT = uuid("01", "p"), uuid("02", f"p / {SUPERVISEES}"), uuid("03", "p"), uuid("04", "c")
EPISODE, ASSIGNMENT, SESSION = uuid("05", "c"), uuid("06", "c"), uuid("07", "s")
RATING, VERSION, EVENT = uuid("08", "2 * s + k"), uuid("09", "2 * s + k"), uuid("0a", "2 * s + k")
OF_CLIENT = uuid("01", f"c / {CLIENTS}")
EPISODE_OF, CLIENT_OF = uuid("05", f"s / {SESSIONS}"), uuid("04", f"s / {SESSIONS}")
PERSON_OF = uuid("01", f"s / {SESSIONS * CLIENTS}")
IS_OPEN = f"c %% {CLIENTS} < {OPEN}"
ENDED = f"CASE WHEN {IS_OPEN} THEN NULL ELSE %(today)s - 100 END"
WEEKS_AGO = f"{SESSIONS} - s %% {SESSIONS} + CASE WHEN s / {SESSIONS} %% {CLIENTS} < {OPEN} THEN 0 ELSE 15 END"
HELD_AT = f"%(now)s - make_interval(weeks => ({WEEKS_AGO})::int, mins => (s %% 500)::int)"
SCORE = "3 + (s * 7 + k * 3 + s / 11) %% 4"
SCORES = ", ".join([SCORE] * len(ITEM_KEYS))
EVERY = SESSIONS // ANSWERED
OVER = {kind: f"generate_series(%({kind}0)s::bigint, %({kind}1)s::bigint - 1) {kind}" for kind in "pcs"}
ANSWERS = f"(SELECT s, k FROM {OVER['s']} CROSS JOIN generate_series(0, 1) k WHERE k = 0 OR s %% {EVERY} = 0) a"
STAFF = "id, password, email, name, is_clinician, is_supervisor, is_admin, is_active, created_at"

STATEMENTS = (
    f"""INSERT INTO accounts_user ({STAFF})
    SELECT {PERSON}, '!', 'c' || p || '@example.org', 'Clinician ' || p, true, false, false, true, %(now)s
    FROM {OVER["p"]}""",
    f"""INSERT INTO accounts_user ({STAFF})
    SELECT DISTINCT {SUPERVISOR}, '!', 's' || p / {SUPERVISEES} || '@example.org', 'Supervisor ' || p / {SUPERVISEES},
        false, true, false, true, %(now)s
    FROM {OVER["p"]} ON CONFLICT DO NOTHING""",
    f"""INSERT INTO accounts_supervision (id, supervisor_id, clinician_id, starts_at)
    SELECT {PAIR}, {SUPERVISOR}, {PERSON}, %(now)s - interval '300 days' FROM {OVER["p"]}""",
    f"""INSERT INTO clients_client (id, code, name, email, created_at)
    SELECT {CLIENT}, 'N-' || c, '', '', %(now)s - interval '300 days' FROM {OVER["c"]}""",
    f"""INSERT INTO clients_episode (id, client_id, started_on, ended_on, ending, modality)
    SELECT {EPISODE}, {CLIENT}, %(today)s - 300, {ENDED}, CASE WHEN {IS_OPEN} THEN '' ELSE 'planned' END, 'in_person'
    FROM {OVER["c"]}""",
    f"""INSERT INTO clients_assignment (id, episode_id, clinician_id, starts_at)
    SELECT {ASSIGNMENT}, {EPISODE}, {OF_CLIENT}, %(now)s - interval '300 days' FROM {OVER["c"]}""",
    f"""INSERT INTO clients_therapysession (id, episode_id, clinician_id, starts_at, attendance, modality, from_pattern,
        not_rated_reason, voided_reason, rated)
    SELECT {SESSION}, {EPISODE_OF}, {PERSON_OF}, {HELD_AT}, 'attended', 'in_person', false, '', '', true
    FROM {OVER["s"]}""",
    f"""INSERT INTO ratings_rating (id, session_id, rater, author_id, {ITEMS}, strain, strain_discussed, discussed,
        note, content_hash, channel, saved_at, opens_at, version)
    SELECT {RATING}, {SESSION}, CASE k WHEN 0 THEN 'clinician' ELSE 'client' END,
        CASE k WHEN 0 THEN {PERSON_OF} END, {SCORES}, '', '', '', '', '', CASE k WHEN 0 THEN 'web' ELSE 'link' END,
        {HELD_AT} + interval '1 hour', CASE k WHEN 1 THEN {HELD_AT} + interval '7 days' END, 1
    FROM {ANSWERS}""",
    f"""INSERT INTO ratings_ratingversion (id, rating_id, {ITEMS}, strain, strain_discussed, discussed, note,
        content_hash, version, saved_by_id, saved_at, reason)
    SELECT {VERSION}, {RATING}, {SCORES}, '', '', '', '', '', 1, CASE k WHEN 0 THEN {PERSON_OF} END,
        {HELD_AT} + interval '1 hour', '' FROM {ANSWERS}""",
    f"""INSERT INTO audit_auditevent (id, at, actor_id, action, target_type, target_id, client_id, reason)
    SELECT {EVENT}, {HELD_AT} + interval '1 hour', CASE k WHEN 0 THEN {PERSON_OF} END, 'rating.logged',
        'therapysession', {SESSION}, {CLIENT_OF}, '' FROM {ANSWERS}""",
    f"""INSERT INTO ratings_standing (episode_id, last_rated_at, open_signals, signals, strain, clinician, client)
    SELECT {EPISODE}, %(now)s - interval '7 days', 0, '[]', '{{}}', %(standing)s::jsonb, '{{}}' FROM {OVER["c"]}""",
)


def load(have: int, want: int, *, now: datetime, standing: str) -> int:
    """Add the clinicians from `have` on up to `want` with all that is theirs; how many ratings that were.

    Foreign keys and triggers rest meanwhile: the rows are whole by construction. `standing` is what lists show of a
    rated client, as JSON, the same for each.
    """
    bounds = {"p": 1, "c": CLIENTS, "s": CLIENTS * SESSIONS}
    given = {"now": now, "today": now.date(), "standing": standing}
    given |= {f"{kind}0": have * size for kind, size in bounds.items()}
    given |= {f"{kind}1": want * size for kind, size in bounds.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in STATEMENTS:
            cursor.execute(statement, given)
    return (want - have) * RATINGS


def know_the_rows() -> None:
    """Have the database count what was just written, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def seconds_to_copy() -> float:
    """Return how long plain COPY takes for all these rows, into empty tables with the same indexes."""
    spent = 0.0
    for table in dict.fromkeys(statement.split()[2] for statement in STATEMENTS):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE copied (LIKE {table} INCLUDING ALL)")
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as out:
                rows = b"".join(out)
            begun = perf_counter()
            with cursor.copy("COPY copied FROM STDIN (FORMAT BINARY)") as into:
                into.write(rows)
            spent += perf_counter() - begun
            cursor.execute("DROP TABLE copied")
    return spent
