"""Recompute what lists show of every episode, and say how many were not what their ratings say."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clients.models import Episode
from ratings.models import Standing
from ratings.standing.refresh import rebuild_standing, refresh_if_due

BATCH = 500


class Command(BaseCommand):
    help = "Recompute the standing of every episode from its ratings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, and fail where a standing differs")

    def handle(self, *, check: bool, **_: Any) -> None:
        now = timezone.now()
        seen = waiting = differ = 0
        for episode in every_episode():
            seen += 1
            if check and Standing.objects.filter(episode=episode, absorbs_at__lte=now).exists():
                waiting += 1
                continue
            refresh_if_due(episode, now)
            differ += rebuild_standing(episode, now, write=not check)
        print(f"{seen} episodes, {differ} differed")
        if waiting:
            print(f"{waiting} not compared: clients' ratings have opened since. Nightly takes them up.")
        if check and differ:
            raise CommandError("Some standings are not what their ratings say. Run rebuild_standing without --check.")


def every_episode() -> Iterator[Episode]:
    """Yield the episodes in batches by id: no query stays open while one of them is written."""
    episodes = Episode.objects.order_by("pk")
    batch = list(episodes[:BATCH])
    while batch:
        yield from batch
        batch = list(episodes.filter(pk__gt=batch[-1].pk)[:BATCH])
