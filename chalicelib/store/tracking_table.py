"""The tracking table: where people on shift are and were; docs/data-model.md says why."""

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model


class LiveIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """What the map asks every few seconds: of whom was something heard since."""

    class Meta:
        index_name = "live"
        projection = IncludeProjection(["body", "version"])

    live_pk = UnicodeAttribute(hash_key=True)
    live_sk = UnicodeAttribute(range_key=True)


class TrackingRow(Model):
    """
    A row of the tracking table; ``store/tracking.py`` reads and writes them.

    Keys:
        pk: ``AGENT#<person>``, ``TRAIL#<person>#<day>``, ``DEVICE#<device>#<day>``, ``ALARMS``.
        sk: What it is of it: ``NOW``, ``SHIFT#<id>``, ``<first point>#<hash>``...
    """

    class Meta:
        table_name = "unbound"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    live_pk = UnicodeAttribute(null=True)
    live_sk = UnicodeAttribute(null=True)
    live = LiveIndex()
