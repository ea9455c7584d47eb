"""The extract for validation: pseudonymous, for enough clients only, blind as every page, and never without a trace."""

import csv
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from clients.models import Client, Episode, TherapySession
from ratings.caseload.sessions import void_session
from ratings.elements import FORM_LANGUAGE, FORM_VERSION, ITEM_KEYS
from ratings.models import Rater, Rating, Tombstone
from ratings.privacy import codebook, validation_extract
from ratings.privacy.actions import erase_client, hold_record
from tests.factories import ClientFactory, SessionFactory, UserFactory, answers, make_link, rate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
DAY = timedelta(days=1)


def rated_clients(number: int) -> list[Client]:
    """Clients of one clinician, each with a session of a month ago that both rated. Written as rows: there are many."""
    clinician, start = UserFactory(name="Clinician Carla"), timezone.now() - 30 * DAY
    clients = [ClientFactory(code=f"K-{place}", name=f"Name {place}", clinician=clinician) for place in range(number)]
    sessions = TherapySession.objects.bulk_create(
        TherapySession(episode=client.episodes.get(), clinician=clinician, starts_at=start) for client in clients
    )
    own = {"rater": Rater.CLINICIAN, "author": clinician}
    theirs = {"rater": Rater.CLIENT, "opens_at": start}
    Rating.objects.bulk_create(
        Rating(session=session, saved_at=start + DAY, note="Words of the note", **answers(5), **who)
        for session in sessions
        for who in (own, theirs)
    )
    return clients


@pytest.fixture
def few_are_enough(monkeypatch):
    """One client is enough, for tests that are not about how many are needed."""
    monkeypatch.setattr(validation_extract, "FEWEST_CLIENTS", 1)


@pytest.fixture
def ago(service, robin):
    """Robin's sessions, by how many days ago they were."""
    return lambda days: SessionFactory(client=robin, starts_at=timezone.now() - days * DAY)


@pytest.fixture
def extract(sue, service, tmp_path):
    """Write an extract as Sue and return its rows."""
    number = iter(range(99))

    def write(**options: object) -> list[dict[str, str]]:
        file = tmp_path / f"extract-{next(number)}.csv"
        call_command("validation_extract", file, **{"by": sue.email, "basis": "Approved", **options})
        return read(file)

    return write


def read(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(file.read_text())))


def marks(row: dict[str, str]) -> list[str]:
    return [row[key] for key in ITEM_KEYS]


def refused(**options: object) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("validation_extract", **options)
    return str(refusal.value)


def test_fifty_clients_are_needed_and_enough(sue, service, tmp_path, trail, capsys):
    clients, file = rated_clients(50), tmp_path / "extract.csv"
    Rating.objects.filter(session__episode__client=clients[0]).delete()
    said = refused(file=file, by=sue.email, basis="Approved")
    assert said.startswith("49 clients have a rating that may go into an extract; 50 are needed")
    assert not list(tmp_path.iterdir())
    assert "validation_extract.exported" not in trail()
    rate(clients[0].episodes.get().sessions.get(), 4)
    call_command("validation_extract", file, by=sue.email, basis="Approved")
    assert len({row["client"] for row in read(file)}) == 50
    assert capsys.readouterr().out.startswith(f"50 clients: {file}")


def test_it_has_no_name_no_code_no_note_no_date_and_no_id_of_the_database(few_are_enough, extract, tmp_path):
    client, *_ = rated_clients(3)
    extract()
    session = client.episodes.get().sessions.get()
    texts = "".join(file.read_text() for file in tmp_path.iterdir())
    hidden = [client.name, "K-0", "Carla", "Words of the note", f"{session.starts_at:%Y-%m}"]
    keys = [client.pk, session.pk, session.episode_id, session.clinician_id]
    assert [text for text in (*hidden, *map(str, keys), *(key.hex for key in keys)) if text in texts] == []


def test_no_id_is_the_same_in_another_extract_and_within_one_each_is(few_are_enough, extract, ago):
    rated_clients(2)
    rate(ago(20), 5)
    rate(ago(10), 6)
    one, other = extract(), extract()
    for column in ("client", "therapy", "therapist"):
        assert {row[column] for row in one} & {row[column] for row in other} == set()
    robins = [row for row in one if row["session"] == "2"]
    first = next(row for row in one if row["client"] == robins[0]["client"])
    assert [first[key] for key in ("therapy", "therapist")] == [robins[0][key] for key in ("therapy", "therapist")]
    assert len({row["client"] for row in one}) == len({row["therapy"] for row in one}) == 3
    assert len({row["therapist"] for row in one}) == 2


def test_the_order_of_clients_is_another_each_time(few_are_enough, extract):
    for place, client in enumerate(rated_clients(12)):
        session = client.episodes.get().sessions.get()
        session.ratings.update(goals=1 + place % 7, tasks=1 + place // 7)
    orders = {tuple((row["goals"], row["tasks"]) for row in extract()) for _ in range(4)}
    assert len(orders) > 1


def test_a_line_says_what_a_rating_says(few_are_enough, extract, ago, robin):
    rate(ago(30), 6)
    session = ago(20)
    rate(session, 6, bond=None, strain="slight", strain_discussed="partly")
    (line,) = [row for row in extract() if row["session"] == "2" and row["rater"] == "clinician"]
    assert marks(line) == ["6", "6", "", "6", "6", "6", "6"]
    assert (line["days"], line["strain"], line["talked_about"]) == ("10", "slight", "partly")
    assert (line["asked"], line["rated"], line["late"], line["corrected"]) == ("yes", "yes", "yes", "no")
    assert (line["form_version"], line["language"]) == (str(FORM_VERSION), FORM_LANGUAGE)


def test_what_was_not_rated_has_a_line_and_says_whether_it_was_asked_for(few_are_enough, extract, ago):
    rate(ago(30), 6)
    make_link(ago(20))
    lines = {(row["session"], row["rater"]): (row["asked"], row["rated"]) for row in extract()}
    assert lines == {
        ("1", "clinician"): ("yes", "yes"),
        ("1", "client"): ("no", "no"),
        ("2", "clinician"): ("yes", "no"),
        ("2", "client"): ("yes", "no"),
    }


def test_an_observer_has_a_line_where_there_is_a_rating(few_are_enough, extract, ago, sue):
    session = ago(20)
    rate(session, 3, rater=Rater.OBSERVER, by=sue)
    raters = [(row["rater"], row["rated"]) for row in extract()]
    assert raters == [("observer", "yes"), ("clinician", "no"), ("client", "no")]


def test_days_and_sessions_count_held_sessions_over_two_therapies(few_are_enough, extract, ago, robin):
    first, second = ago(40), ago(30)
    TherapySession.objects.filter(pk=ago(35).pk).update(attendance="missed")
    today = timezone.localdate()
    Episode.objects.update(ended_on=today - 25 * DAY, ending="planned")
    later = Episode.objects.create(client=robin, started_on=today - 20 * DAY)
    last = SessionFactory(client=robin, episode=later, clinician=first.clinician, starts_at=timezone.now() - 12 * DAY)
    for session in (first, second, last):
        rate(session, 5, rater=Rater.CLIENT)
    told = [(row["session"], row["days"]) for row in extract() if row["rater"] == "client"]
    assert told == [("1", "0"), ("2", "10"), ("1", "28")]


@pytest.mark.parametrize("score", [2, 7])
def test_a_closed_answer_is_not_in_it_whatever_it_says(few_are_enough, extract, ago, score):
    rate(ago(20), 6)
    rate(ago(2), score, rater=Rater.CLIENT)
    assert [row["session"] for row in extract()] == ["1", "1"]


def test_an_answer_that_is_closed_because_its_session_was_moved_has_no_line_and_is_not_missing(
    few_are_enough, extract, ago
):
    rate(ago(20), 6)
    session = ago(12)
    rate(session, 2, rater=Rater.CLIENT)
    session.ratings.update(opens_at=timezone.now() + DAY)
    assert [(row["session"], row["rater"]) for row in extract()][2:] == [("2", "clinician")]


def test_sessions_of_the_last_seven_days_are_left_out(few_are_enough, extract, ago):
    rate(ago(8), 6)
    rate(ago(6), 3)
    assert [marks(row) for row in extract() if row["rated"] == "yes"] == [["6"] * 7]


def test_a_session_that_was_taken_out_is_not_in_it(few_are_enough, extract, ago, ada):
    rate(ago(20), 6)
    void_session(ago(15), reason="Entered twice", by=ada)
    assert {row["session"] for row in extract()} == {"1"}


def test_an_erased_client_and_one_whose_time_is_over_are_not_in_it_but_one_on_hold_is(few_are_enough, extract, adam):
    erased, over, held, _ = rated_clients(4)
    erase_client(erased, basis=Tombstone.Basis.REQUEST, by=adam)
    long_ago = timezone.localdate() - 365 * 40 * DAY
    Episode.objects.filter(client__in=[over, held]).update(started_on=long_ago, ended_on=long_ago, ending="planned")
    hold_record(held, reason="A complaint", until=None, by=adam)
    assert len({row["client"] for row in extract()}) == 2


def test_only_clients_who_agreed_are_in_it_where_their_codes_are_given(few_are_enough, extract, tmp_path):
    rated_clients(4)
    (tmp_path / "agreed.txt").write_text("K-1\n\n K-3 \n")
    assert len({row["client"] for row in extract(basis="", consented=tmp_path / "agreed.txt")}) == 2
    assert AuditEvent.objects.latest("pk").reason == "Clients who agreed: 2 codes"


def test_a_code_that_nobody_has_is_refused(few_are_enough, sue, service, tmp_path):
    rated_clients(2)
    (tmp_path / "agreed.txt").write_text("K-1\nK-9\n")
    said = refused(file=tmp_path / "extract.csv", by=sue.email, consented=tmp_path / "agreed.txt")
    assert said == "No client has the code K-9. Nothing was written."
    assert not (tmp_path / "extract.csv").exists()


@pytest.mark.parametrize("who", ["", "nobody@example.org", "ada@example.org", "adam@example.org"])
@pytest.mark.usefixtures("few_are_enough", "service", "ada", "adam")
def test_a_supervisor_answers_for_it(tmp_path, who):
    rated_clients(1)
    assert refused(file=tmp_path / "extract.csv", by=who, basis="Approved").startswith("Name the supervisor")
    assert not list(tmp_path.iterdir())


def test_without_consent_it_needs_a_reason(few_are_enough, sue, service, tmp_path):
    rated_clients(1)
    assert refused(file=tmp_path / "extract.csv", by=sue.email).startswith("Say who may be in it")
    assert not list(tmp_path.iterdir())


def test_at_a_terminal_it_asks_who_and_why(few_are_enough, sue, service, tmp_path, monkeypatch):
    rated_clients(1)
    said = iter([" Sue@example.org ", "Ethics committee, 12 May"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: next(said))
    call_command("validation_extract", tmp_path / "extract.csv")
    event = AuditEvent.objects.latest("pk")
    assert (event.actor_id, event.reason) == (sue.pk, "Ethics committee, 12 May")


def test_it_is_one_event_about_no_client(few_are_enough, extract, sue):
    rated_clients(3)
    before = AuditEvent.objects.count()
    extract()
    event = AuditEvent.objects.latest("pk")
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.actor_id, event.reason) == ("validation_extract.exported", sue.pk, "Approved")
    assert (event.client_id, event.target_id) == (None, None)


def test_its_owner_alone_can_read_the_files(few_are_enough, extract, tmp_path):
    rated_clients(1)
    extract()
    assert [stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()] == [0o600, 0o600]


@pytest.mark.parametrize("there", ["extract.csv", "extract-codebook.csv"])
@pytest.mark.usefixtures("few_are_enough", "service")
def test_no_file_is_written_over(sue, tmp_path, trail, there):
    rated_clients(1)
    (tmp_path / there).write_text("Mine")
    said = refused(file=tmp_path / "extract.csv", by=sue.email, basis="Approved")
    assert said == f"{tmp_path / there} is there already. Name a new file. Nothing was written."
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(there, "Mine")]
    assert "validation_extract.exported" not in trail()


def test_a_folder_that_is_not_there_is_named(few_are_enough, sue, service, tmp_path):
    rated_clients(1)
    assert "gone" in refused(file=tmp_path / "gone" / "extract.csv", by=sue.email, basis="Approved")


def test_a_failure_leaves_no_file(few_are_enough, sue, service, tmp_path, monkeypatch):
    rated_clients(1)
    monkeypatch.setattr(validation_extract, "rows_of_extract", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("validation_extract", tmp_path / "extract.csv", by=sue.email, basis="Approved")
    assert not list(tmp_path.iterdir())


def test_every_column_is_in_the_codebook_beside_it(few_are_enough, extract, tmp_path):
    rated_clients(1)
    rows = extract()
    explained = read(tmp_path / "extract-0-codebook.csv")
    assert [row["column"] for row in explained] == list(rows[0]) == list(codebook.COLUMNS)
    assert all(row["meaning"] and row["values"] for row in explained)


def test_more_clients_take_no_more_queries(few_are_enough, tmp_path, sue, service, django_assert_max_num_queries):
    rated_clients(30)
    with django_assert_max_num_queries(11):
        call_command("validation_extract", tmp_path / "extract.csv", by=sue.email, basis="Approved")
