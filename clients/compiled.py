"""The rule of access as SQL. Nearly every query contains it, so Django compiles it once and the text is kept.

Compiled for every query, it would cost more than most of what a page does.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Expression, F, QuerySet, UUIDField

from alliance_tracker.accounts.models import User

# Stand-ins for the person, the moment and the client of the outer row while a subquery is compiled.
PERSON, CLIENT = UUID(int=1), UUID(int=2)
MOMENT = datetime(1, 1, 2, tzinfo=UTC)
# PostgreSQL works the array out once, then scans an index in order; a join would look up each entry by itself.
LISTED = {"postgresql": "{} = ANY (ARRAY({}))"}
ROLES = ("is_active", "is_clinician", "is_supervisor")

Rule = Callable[[User, datetime], QuerySet[Any]]


def stored(alias: str, key: UUID, at: datetime = MOMENT) -> tuple[Any, Any]:
    """Return an id and a moment as this database takes them."""
    connection = connections[alias]
    return UUIDField().get_db_prep_value(key, connection), connection.ops.adapt_datetimefield_value(at)


@cache
def compiled(
    rule: Rule, client: str, roles: tuple[bool, ...], alias: str, *, by_row: bool
) -> tuple[str, list[Any]] | None:
    """Return a rule's SQL for a person of these roles, and its parameters; None where it can find nothing for them.

    `client` is the lookup of the client's id in the rows found. `by_row` narrows these to one client, whose column the
    SQL names as {client}. PERSON and MOMENT stand among the parameters.
    """
    rows = rule(User(pk=PERSON, **dict(zip(ROLES, roles, strict=True))), MOMENT)
    query = (rows.filter(**{client: CLIENT}) if by_row else rows).order_by().values(client).query
    try:
        query.get_compiler(alias).pre_sql_setup()
        query.change_aliases({name: f"rule_{name}" for name in query.alias_map})  # the outer query has names of its own
        sql, parameters = query.get_compiler(alias).as_sql()
    except EmptyResultSet:
        return None
    (person, moment), (one_client, _) = stored(alias, PERSON), stored(alias, CLIENT)
    places = ["{client}" if each == one_client else "%s" for each in parameters]
    text = "".join(piece for pair in zip(sql.split("%s"), [*places, ""], strict=True) for piece in pair)
    stands_for = {person: PERSON, moment: MOMENT}
    return text, [stands_for.get(each, each) for each in parameters if each != one_client]


class OfClient(Expression):
    """Whether the client of a row is one that a rule finds for this person at this moment.

    Asked `by_row` it is a look in an index for each row; otherwise the rule's clients are listed once.
    """

    conditional = True

    def __init__(self, path: str, rule: Rule, client: str, user: User, at: datetime, *, by_row: bool = False) -> None:
        super().__init__(output_field=BooleanField())
        self.row, self.rule, self.client, self.by_row = F(path), rule, client, by_row
        self.user, self.at = user, at

    def get_source_expressions(self) -> list[Any]:
        return [self.row]

    def set_source_expressions(self, expressions: Sequence[Any]) -> None:
        (self.row,) = expressions

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        roles = tuple(getattr(self.user, role) for role in ROLES)
        found = compiled(self.rule, self.client, roles, connection.alias, by_row=self.by_row)
        if found is None:
            raise EmptyResultSet
        sql, parameters = found
        column, of_column = compiler.compile(self.row)
        person, moment = stored(connection.alias, self.user.pk, self.at)
        given = [person if each is PERSON else moment if each is MOMENT else each for each in parameters]
        if self.by_row:
            return f"EXISTS ({sql.format(client=column)})", given
        return LISTED.get(connection.vendor, "{} IN ({})").format(column, sql), [*of_column, *given]
