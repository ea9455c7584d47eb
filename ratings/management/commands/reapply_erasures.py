"""After a backup was restored: erase again whom it brought back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings
from ratings.models import Tombstone
from ratings.privacy.actions import reapply_erasures
from ratings.privacy.erasure import listed_in


class Command(BaseCommand):
    help = "Erase again every client on the list of erasures that a restored backup brought back. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.ERASURES_FILE, help="default: %(default)s")

    def handle(self, *, file: Path, **_: Any) -> None:
        try:
            listed = list(listed_in(file))
        except (OSError, ValueError) as wrong:
            raise CommandError(f"{wrong} Nothing was erased.") from wrong
        with timezone.override(ServiceSettings.objects.current().zone):
            again = reapply_erasures([*listed, *Tombstone.objects.all()])
        print(f"{len(listed)} erasures in the list, {len(again)} erased again.")
