"""Say which records are due to be erased and what would go; erase them only with the approval of an administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from alliance_tracker.accounts.models import ServiceSettings, User
from clients.models import Episode
from ratings.models import Tombstone
from ratings.privacy.actions import erase_client
from ratings.privacy.retention import counts_to_erase, due_on, due_records, filtered_records


class Command(BaseCommand):
    help = "List the records whose time is over, by code and with what would go. Erases nothing without --confirm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--confirm", action="store_true", help="erase what is listed, for good")
        parser.add_argument("--by", default="", metavar="EMAIL", help="the administrator who approves it")

    def handle(self, *, confirm: bool, by: str, **_: Any) -> None:
        service = ServiceSettings.objects.current()
        admin = User.objects.active().filter(is_admin=True, email=by.lower()).first()
        if confirm and admin is None:
            raise CommandError("Name the administrator who approves this: --confirm --by EMAIL. Nothing was erased.")
        with timezone.override(service.zone):
            due = list(due_records(service))
            for episode in due:
                self.go_through(episode, service, admin if confirm else None)
            print(f"{len(due)} due, {len(filtered_records('', 'held', service))} on hold.")
        if due and not confirm:
            print("Nothing was erased. To erase them: --confirm --by EMAIL")

    def go_through(self, episode: Episode, service: ServiceSettings, admin: User | None) -> None:
        words = ", ".join(f"{name.lower()} {count:,}" for name, count in counts_to_erase(episode.client))
        print(f"{episode.client.code}: due since {due_on(episode, service):%-d %B %Y}. {words}")
        if admin:
            try:
                erase_client(episode.client, basis=Tombstone.Basis.RETENTION, by=admin)
            except ValidationError as refusal:
                print(f"  not erased: {' '.join(refusal.messages)}")
            else:
                print("  erased")
