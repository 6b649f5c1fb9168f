"""What debtors set out to pay, paid and told of, in memory; what ``store.case_money`` promises."""

from collections.abc import Collection

from chalicelib.domain.case import CaseFile
from chalicelib.domain.checkout import Checkout, CheckoutState
from chalicelib.domain.received import Received, ReceivedStanding
from chalicelib.domain.reported import Reported, ReportedState
from chalicelib.store.case_lists import Page


class MemoryMoney:
    files: dict[str, CaseFile]

    def received(
        self,
        portfolio_id: str,
        standings: Collection[ReceivedStanding],
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Received]]:
        return self._newest(
            (f"{one.at.isoformat()}#{one.received_id}", case_id, one)
            for case_id, file in self.files.items()
            if file.head.portfolio_id == portfolio_id
            for one in file.received
            if one.standing in standings
        )(cursor, limit)

    def reported(
        self,
        portfolio_id: str,
        states: Collection[ReportedState],
        *,
        source: str = "",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Reported]]:
        return self._newest(
            (f"{one.at.isoformat()}#{one.reported_id}", case_id, one)
            for case_id, file in self.files.items()
            if file.head.portfolio_id == portfolio_id
            for one in file.reported
            if one.state in states and source in ("", one.source)
        )(cursor, limit)

    def checkouts(
        self,
        portfolio_id: str,
        states: Collection[CheckoutState],
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[tuple[str, Checkout]]:
        return self._newest(
            (f"{one.started_at.isoformat()}#{one.checkout_id}", case_id, one)
            for case_id, file in self.files.items()
            if file.head.portfolio_id == portfolio_id
            for one in file.checkouts
            if one.state in states
        )(cursor, limit)

    @staticmethod
    def _newest(rows):
        ordered = sorted(rows, key=lambda row: row[0], reverse=True)

        def page(cursor, limit):
            left = [row for row in ordered if not cursor or row[0] < cursor]
            kept = tuple((case_id, one) for _, case_id, one in left[:limit])
            return Page(kept, left[limit - 1][0] if len(left) > limit else None)

        return page
