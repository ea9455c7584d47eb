"""A lookup that Django does not have."""

from typing import Any

from django.db.models import ForeignKey
from django.db.models.fields.related_lookups import RelatedIn


@ForeignKey.register_lookup
class Among(RelatedIn):
    """`session__among=sessions` finds what `session__in=sessions` finds.

    On PostgreSQL the other query is worked out first, as an array that is then looked up in the order of an index. As a
    join, each of its rows would cost a look of its own in an index that grows with the service.
    """

    lookup_name = "among"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        if connection.vendor != "postgresql" or self.rhs_is_direct_value():
            return super().get_rhs_op(connection, rhs)
        return f"= ANY (ARRAY{rhs})"
