"""The copy for a client, as a zip file: everything held about them, as JSON for a machine and CSV for a person.

What each table of the copy says is in `tables.py` and `staff_tables.py` beside this file.
"""

import json
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.template.loader import render_to_string
from django.utils import timezone

from alliance_tracker.accounts.models import User
from clients.models import Client
from ratings.privacy.client_copy.copied_client import CopiedClient, CopyRow
from ratings.privacy.client_copy.tables import TABLES
from ratings.reports.exports import write_table


def csv_of(rows: list[CopyRow]) -> str:
    out = StringIO()
    write_table(out, rows[0], (row.values() for row in rows))
    return out.getvalue()


def write_copy(client: Client, user: User, now: datetime) -> bytes:
    """Return the zip file: a CSV for each table with rows, all tables in one JSON, and a page to read first."""
    copied = CopiedClient(client, user, now)
    record = {name: rows(copied) for name, rows in TABLES.items()}
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        file.writestr("README.txt", read_first(record, now))
        file.writestr("record.json", json.dumps(record, default=str, indent=2, ensure_ascii=False))
        for name, rows in record.items():
            if rows:
                file.writestr(f"{name}.csv", csv_of(rows))
    return out.getvalue()


def read_first(record: dict[str, list[CopyRow]], now: datetime) -> str:
    files = [f"{name}.csv" for name, rows in record.items() if rows]
    context = {"files": files, "closed": record["answers_not_yet_open"], "made": timezone.localtime(now)}
    return render_to_string("ratings/privacy/copy_readme.txt", context)
