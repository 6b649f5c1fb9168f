"""Field work's reads: what lies near a place, who goes where on a day, what asks for a visit."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain
from typing import Any

from chalicelib.domain.assignment import Assignment, AssignmentKey, PlaceKey
from chalicelib.domain.case import Address
from chalicelib.store.case_agenda import LAST
from chalicelib.store.case_keys import agent_pk, case_of, case_pk, visits_pk
from chalicelib.store.case_lists import Page
from chalicelib.store.case_rows import address_shape, assignment_shape
from chalicelib.store.case_tray import CaseTray
from chalicelib.store.map_keys import near_pk, ranges

QUERIES_AT_ONCE = 8


class CaseField(CaseTray):
    """Reads of the indexes ``near`` and ``agenda``, which lag behind a write by a moment."""

    # Places

    def places(
        self, portfolio_id: str, cells: Iterable[str], *, limit: int = 1000
    ) -> Sequence[PlaceKey]:
        """
        Find the addresses of cases that owe in some cells of the map.

        Its cost is that of what lies there, however large the portfolio: half a unit for every
        forty addresses and for every range of cells.

        Args:
            cells: H3 cells of resolutions 0 to 10, in any mixture.
            limit: Stop at about so many of each range.
        """
        wanted = ranges(cells)

        def read(span: tuple[str, str, str]) -> list[PlaceKey]:
            partition, first, last = span
            found: list[PlaceKey] = []
            for row in self._wire.query(
                {
                    "TableName": self._cases,
                    "IndexName": "near",
                    "KeyConditionExpression": "near_pk = :pk AND near_sk BETWEEN :low AND :high",
                    "ExpressionAttributeValues": {
                        ":pk": {"S": near_pk(portfolio_id, partition)},
                        ":low": {"S": first},
                        ":high": {"S": f"{last}#{LAST}"},
                    },
                    "Limit": limit,
                }
            ):
                found.append(PlaceKey(case_id=case_of(row), address_id=row["sk"]["S"][5:]))
                if len(found) == limit:
                    break
            return found

        if len(wanted) < 2:
            return read(wanted[0]) if wanted else []
        with ThreadPoolExecutor(min(QUERIES_AT_ONCE, len(wanted))) as pool:
            return list(chain.from_iterable(pool.map(read, wanted)))

    def addresses(self, keys: Iterable[PlaceKey]) -> dict[PlaceKey, Address]:
        """Read addresses, a hundred a request; those that are gone are left out."""
        items = self._wire.get_many(
            self._cases, ((case_pk(key.case_id), f"ADDR#{key.address_id}") for key in keys)
        )
        found = {}
        for item in items:
            key = PlaceKey(case_id=case_of(item), address_id=item["sk"]["S"][5:])
            found[key] = address_shape.read(item, address_id=key.address_id)
        return found

    # Days

    def agenda_of(
        self, person_id: str, day: date, until: date | None = None
    ) -> list[AssignmentKey]:
        """List what a person is or was to visit on a day, or up to and with another."""
        return [
            AssignmentKey(case_id=case_of(row), assignment_id=row["sk"]["S"][7:])
            for row in self._between(agent_pk(person_id), day, until or day)
        ]

    def assignments(self, keys: Iterable[AssignmentKey]) -> dict[AssignmentKey, Assignment]:
        """Read assignments, a hundred a request."""
        items = self._wire.get_many(
            self._cases, ((case_pk(key.case_id), f"ASSIGN#{key.assignment_id}") for key in keys)
        )
        found = {}
        for item in items:
            key = AssignmentKey(case_id=case_of(item), assignment_id=item["sk"]["S"][7:])
            found[key] = assignment_shape.read(item, assignment_id=key.assignment_id)
        return found

    def asking_for_visits(
        self, portfolio_id: str, until: date, *, limit: int = 1000, cursor: str | None = None
    ) -> Page[str]:
        """
        Page through the cases in which a promise or a strategy's task asks for a visit by a day.

        Returns:
            Case ids, longest waiting first; one may come twice.
        """
        rows, more = self._due(visits_pk(portfolio_id), until.isoformat(), cursor, limit)
        return Page(tuple(dict.fromkeys(case_of(row) for row in rows)), more)

    def _between(self, key: str, day: date, until: date) -> Iterable[dict[str, Any]]:
        return self._wire.query(
            {
                "TableName": self._cases,
                "IndexName": "agenda",
                "KeyConditionExpression": "agenda_pk = :pk AND agenda_sk BETWEEN :low AND :high",
                "ExpressionAttributeValues": {
                    ":pk": {"S": key},
                    ":low": {"S": day.isoformat()},
                    ":high": {"S": f"{until.isoformat()}#{LAST}"},
                },
            }
        )
