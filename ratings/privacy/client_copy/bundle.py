"""The file that a client is entitled to: everything held about them, as JSON for a machine and CSV for a person."""

import json
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Client
from ratings.privacy.client_copy.record import SECTIONS
from ratings.privacy.client_copy.subject import Held, Row
from ratings.reports.exports import write_table


def csv_of(rows: list[Row]) -> str:
    out = StringIO()
    write_table(out, rows[0], (row.values() for row in rows))
    return out.getvalue()


def write_bundle(client: Client, user: User, now: datetime) -> bytes:
    """Return the zip file: one CSV for each kind of thing there is, all of it in one JSON, and a page to read first."""
    held = Held(client, user, now)
    record = {name: section(held) for name, section in SECTIONS.items()}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        file.writestr("README.txt", read_first(record, now))
        file.writestr("record.json", json.dumps(record, default=str, indent=2, ensure_ascii=False))
        for name, rows in record.items():
            if rows:
                file.writestr(f"{name}.csv", csv_of(rows))
    return out.getvalue()


def read_first(record: dict[str, list[Row]], now: datetime) -> str:
    files = [f"{name}.csv" for name, rows in record.items() if rows]
    context = {"files": files, "closed": record["answers_not_yet_open"], "made": timezone.localtime(now)}
    return render_to_string("ratings/privacy/bundle.txt", context)
