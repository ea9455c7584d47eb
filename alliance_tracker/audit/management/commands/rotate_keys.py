"""Encrypt every name, note and secret anew with the newest key, and say whether an older one is still needed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alliance_tracker.audit.rotation import rotate

NEEDED = "{:,} texts are still written with an older key. Run rotate_keys."
UNREADABLE = "{:,} texts were written with a key that is not in FIELD_KEYS. Put that key back at the end of the list."


class Command(BaseCommand):
    help = (
        "Encrypt every name, note, reason and secret of a second factor anew with the first key of FIELD_KEYS. "
        "It may be stopped and run again, also while the app runs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing, and fail while an older key is needed"
        )

    def handle(self, *, check: bool, **_: Any) -> None:
        print(f"{'table':<28}{'newest key':>12}{'rewritten':>12}{'older key':>12}{'unreadable':>12}")
        counts = []
        for count in rotate(write=not check):
            counts.append(count)
            print(
                f"{count.table:<28}{count.newest:>12,}{count.rewritten:>12,}{count.older:>12,}{count.unreadable:>12,}",
                flush=True,
            )
        if unreadable := sum(count.unreadable for count in counts):
            raise CommandError(UNREADABLE.format(unreadable))
        if older := sum(count.older for count in counts):
            raise CommandError(NEEDED.format(older))
        print("Everything is written with the newest key. Backups may still need the older ones.")
