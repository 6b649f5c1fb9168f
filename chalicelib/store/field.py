"""
What planning field work keeps in the work table.

``ORG`` / ``ZONE#<id>``, ``ORG`` / ``AGENT#<person>``, ``P#<portfolio>`` / ``BATCH#<id>``.
"""

from dataclasses import replace
from typing import TypeVar

from chalicelib.domain.agent import AgentProfile
from chalicelib.domain.batch import AssignmentBatch
from chalicelib.domain.zone import Zone
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Wire

T = TypeVar("T")
ORG = "ORG"
PAGE = 200


class FieldStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._zones = Documents(wire, table, Zone, name="ZONE", key="zone_id", owner=ORG)
        self._profiles = Documents(
            wire, table, AgentProfile, name="AGENT", key="person_id", owner=ORG
        )
        self._batches = Documents(wire, table, AssignmentBatch, name="BATCH", key="batch_id")

    # Zones

    def zones(self) -> list[Zone]:
        return _whole(self._zones)

    def zone(self, zone_id: str) -> Zone | None:
        return self._zones.get("", zone_id)

    def add_zone(self, zone: Zone) -> bool:
        return self._zones.add(zone)

    def save_zone(self, zone: Zone) -> Zone | None:
        """Write over the version that was read; None when somebody else has since."""
        return self._zones.save(zone)

    # Profiles

    def profiles(self) -> dict[str, AgentProfile]:
        return {one.person_id: one for one in _whole(self._profiles)}

    def profile(self, person_id: str) -> AgentProfile | None:
        return self._profiles.get("", person_id)

    def save_profile(self, profile: AgentProfile) -> AgentProfile | None:
        """Write over the version that was read (0: there was none); None when it moved."""
        if profile.version:
            return self._profiles.save(profile)
        first = replace(profile, version=1)
        return first if self._profiles.add(first) else None

    # Batches

    def add_batch(self, batch: AssignmentBatch) -> bool:
        return self._batches.add(batch)

    def batch(self, portfolio_id: str, batch_id: str) -> AssignmentBatch | None:
        return self._batches.get(portfolio_id, batch_id)

    def save_batch(self, batch: AssignmentBatch) -> AssignmentBatch | None:
        return self._batches.save(batch)


def _whole(documents: Documents[T]) -> list[T]:
    found: list[T] = []
    cursor: str | None = None
    while True:
        page, cursor = documents.page("", limit=PAGE, cursor=cursor, state="live")
        found += page
        if cursor is None:
            return found
