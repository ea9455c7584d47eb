"""Write a pseudonymous table of the service's ratings and its codebook, to check how the form measures."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings, User
from ratings.privacy.validation_extract import codebook_of, make_extract

NOBODY = "Name the supervisor who answers for it: --by EMAIL. Nothing was written."
NO_BASIS = (
    "Say who may be in it: --consented FILE with the codes of the clients who agreed, one a line; or --basis TEXT with"
    " the reason why all may be (an approval, a law). docs/validation.md has a text of consent. Nothing was written."
)
AFTERWARDS = (
    "It names nobody, yet someone who knows a client's ratings could find them in it: keep it as you keep records, and"
    " delete it when the analysis is done. The random ids are kept nowhere, so nobody can be taken out of it later."
)


class Command(BaseCommand):
    help = "Write a pseudonymous table of all ratings and its codebook (docs/validation.md). Needs 50 clients."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = settings.VAR_DIR / "validation-extract.csv"
        parser.add_argument("file", nargs="?", type=Path, default=default, help="a new file; default: %(default)s")
        parser.add_argument("--by", default="", metavar="EMAIL", help="the supervisor who answers for it")
        allowed = parser.add_mutually_exclusive_group()
        allowed.add_argument("--consented", type=Path, metavar="FILE", help="codes of the clients in it, one a line")
        allowed.add_argument("--basis", default="", metavar="TEXT", help="why all clients may be in it; audited")

    def handle(self, *, file: Path, by: str, consented: Path | None, basis: str, **_: Any) -> None:
        person = supervisor(by or asked("E-mail of the supervisor who answers for it: "))
        if consented is None:
            basis = (basis or asked("Why may all clients be in it? ")).strip()
        if consented is None and not basis:
            raise CommandError(NO_BASIS)
        try:
            codes = read_codes(consented) if consented else None
            with timezone.override(ServiceSettings.objects.current().zone):
                reason = basis or f"Clients who agreed: {len(codes or ())} codes"
                clients = make_extract(file, by=person, reason=reason, consented=codes, now=timezone.now())
        except FileExistsError as there:
            raise CommandError(f"{there.filename} is there already. Name a new file. Nothing was written.") from there
        except (OSError, UnicodeDecodeError) as wrong:
            raise CommandError(f"{wrong} Nothing was written.") from wrong
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        print(f"{clients:,} clients: {file}")
        print(f"What the columns hold: {codebook_of(file)}")
        print(AFTERWARDS)


def asked(question: str) -> str:
    """Ask whoever sits at the terminal; nothing where nobody does."""
    return input(question) if sys.stdin.isatty() else ""


def supervisor(email: str) -> User:
    person = User.objects.active().filter(is_supervisor=True, email=email.strip().lower()).first()
    if person is None:
        raise CommandError(NOBODY)
    return person


def read_codes(path: Path) -> set[str]:
    """Return the codes in a file, one a line."""
    return {code for line in path.read_text(encoding="utf-8").splitlines() if (code := line.strip())}
