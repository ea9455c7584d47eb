from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from alliance_tracker.accounts.actions import invite_first_admin
from alliance_tracker.accounts.models import User


class Command(BaseCommand):
    help = "Print a one-time address where an administrator makes their account. An earlier unused one stops working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="only where there is no active administrator")

    def handle(self, *_: Any, if_empty: bool, **__: Any) -> None:
        if if_empty and User.objects.active().filter(is_admin=True).exists():
            return
        path = reverse("accept_invitation", args=[invite_first_admin()])
        self.stdout.write(f"Make the administrator's account here, within 48 hours:\n{settings.BASE_URL}{path}")
