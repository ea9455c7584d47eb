"""Load an invented caseload to look at, and say who signs in to see it."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings
from ratings.demo.actions import has_people_or_clients, load_caseload, loaded_on
from ratings.demo.people import PASSWORD, SIGN_INS

NOT_A_DEMO = "This brings sign-ins that everyone knows. Set DEMO=1, and DATABASE_URL to a database of its own."
NOT_EMPTY = "This database has people or clients of its own. Nothing was changed. Name an empty one in DATABASE_URL."


class Command(BaseCommand):
    help = (
        "Load the invented caseload of the demo into an empty database. Run again on the same day, it changes nothing."
    )

    def handle(self, **_: Any) -> None:
        if not settings.DEMO:
            raise CommandError(NOT_A_DEMO)
        with timezone.override(ServiceSettings.objects.current().zone):
            self.load_once_a_day()
        self.say_who_signs_in()

    def load_once_a_day(self) -> None:
        now, loaded = timezone.now(), loaded_on()
        if loaded is None and has_people_or_clients():
            raise CommandError(NOT_EMPTY)
        if loaded == timezone.localdate(now):
            print("Today's caseload is there already, with all that you did in it.")
            return
        if loaded:
            print(f"The caseload of {loaded:%-d %B %Y} is out of date. It is kept in {set_aside(loaded)}.")
        rows = load_caseload(now)
        print(
            f"Loaded {len(rows.clients)} invented clients, {sum(s.starts_at <= now for s in rows.sessions)} sessions "
            f"and {len(rows.ratings):,} ratings."
        )

    def say_who_signs_in(self) -> None:
        print(f"\nSign in at {settings.BASE_URL} with the password {PASSWORD}\n")
        for person, sees in SIGN_INS.items():
            print(f"  {person.email:<24}{person.name}, {sees}")
        print()


def set_aside(loaded: date) -> Path:
    """Move what is in the database to a file beside it, and begin with an empty one."""
    path = Path(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not path.is_file():
        raise CommandError(
            f"The demo in this database was loaded on {loaded:%-d %B %Y}, so its Today page is out of date. "
            "Nothing was changed. Create the database anew, then load again."
        )
    kept = path.with_name(f"{path.stem}-{loaded}{path.suffix}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(kept)])
    connection.close()
    for ending in ("", "-journal", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)
    return kept
