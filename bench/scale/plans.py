"""What PostgreSQL does for a page: the blocks that its queries touch, and the tables that they read from end to end."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

SMALL = 2000  # rows; reading such a table whole is what a planner should do


@dataclass(frozen=True)
class Work:
    """What the reading queries of a page cost: milliseconds in the database, and blocks of 8 kB, in memory or read.

    `whole` names large tables that were read to the end.
    """

    spent: float
    buffers: int
    whole: frozenset[str]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def large_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [SMALL])
        return {name for (name,) in cursor.fetchall()}


def work_of(queries: Sequence[str]) -> Work:
    """Run the reading ones among these queries again, explained."""
    spent, buffers, whole, large = 0.0, 0, set(), large_tables()
    for query in queries:
        if not query.startswith(("SELECT", "(SELECT")) or "FOR UPDATE" in query or "FOR NO KEY" in query:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {query}")
            found = cursor.fetchone()[0]
        explained = (json.loads(found) if isinstance(found, str) else found)[0]
        plan, spent = explained["Plan"], spent + explained["Execution Time"]
        buffers += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        whole |= {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"} & large
    return Work(spent, buffers, frozenset(whole))
