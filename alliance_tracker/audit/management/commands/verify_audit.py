"""Say whether the audit trail is what it was when it was sealed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from alliance_tracker.audit.models import AuditEvent
from alliance_tracker.audit.seals import faults, last_seal


class Command(BaseCommand):
    help = "Recompute every seal of the audit trail. Fails, and names the stretch, where something was changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--kept", type=Path, metavar="FILE", help="a file with the seals that nightly printed, kept elsewhere"
        )

    def handle(self, *, kept: Path | None, **_: Any) -> None:
        lines = kept.read_text().splitlines() if kept else []
        found = list(faults(line.strip() for line in lines if line.strip().startswith("Seal ")))
        for words in found:
            print(words)
        seal = last_seal()
        unsealed = AuditEvent.objects.between(seal.until if seal else None, timezone.now()).count()
        print(f"{seal or 'No seal yet'}\n{unsealed} events since, not sealed yet")
        if found:
            raise CommandError("The audit trail is not what was sealed.")
