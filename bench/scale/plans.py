"""The work of PostgreSQL for a page: blocks touched by its queries, and large tables read from end to end."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

SMALL = 2000  # rows; a table up to this size is rightly read from end to end


@dataclass(frozen=True)
class Work:
    """The cost of the reading queries of a page.

    `spent` is the time in the database in milliseconds, `buffers` the number of 8 kB blocks, from memory or disk.
    `whole` names the large tables that were read from end to end.
    """

    spent: float
    buffers: int
    whole: frozenset[str]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a node of a query plan and all nodes below it."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def large_tables() -> set[str]:
    """Return the names of the tables with more than 2,000 rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [SMALL])
        return {name for (name,) in cursor.fetchall()}


def work_of(queries: Sequence[str]) -> Work:
    """Run the reading queries again under EXPLAIN ANALYZE, and add up their work."""
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
