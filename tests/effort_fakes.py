"""What people did, found in memory; what ``store.case_effort.CaseEffort`` promises."""

from datetime import date, datetime

from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.contact import Direction
from chalicelib.domain.coverage import Untouched
from chalicelib.domain.credit import person_of
from chalicelib.domain.ledger import Entry
from chalicelib.store.case_effort import Done
from chalicelib.store.case_lists import Page

GONE = (CaseStatus.SETTLED, CaseStatus.VOID)


class MemoryEffort:
    files: dict[str, CaseFile]

    def did(
        self, portfolio_id: str, person_id: str, since: datetime, until: datetime, *, most: int
    ) -> list[tuple[str, Done]]:
        found = [
            (at, case_id, one)
            for case_id, file in self.files.items()
            if file.head.portfolio_id == portfolio_id
            for at, person, one in _acts(file)
            if person == person_id and since <= at <= until
        ]
        found.sort(key=lambda row: row[0], reverse=True)
        return [(case_id, one) for _, case_id, one in found[:most]]

    def credits(
        self,
        portfolio_id: str,
        person_id: str,
        first: date,
        last: date,
        *,
        cursor: str | None = None,
        limit: int = 500,
    ) -> Page[tuple[str, Entry]]:
        rows = sorted(
            (f"{entry.effective_on.isoformat()}#{case_id}#{entry.entry_id}", case_id, entry)
            for case_id, file in self.files.items()
            if file.head.portfolio_id == portfolio_id
            for entry in file.entries
            if entry.credited == person_id and first <= entry.effective_on <= last
        )
        rest = [row for row in rows if cursor is None or row[0] > cursor]
        more = rest[limit - 1][0] if len(rest) > limit else None
        return Page(tuple((case_id, entry) for _, case_id, entry in rest[:limit]), more)

    def untouched(
        self, portfolio_id: str, before: date, *, cursor: str | None = None, limit: int
    ) -> Page[Untouched]:
        rows = sorted(
            (f"{head.touched_on or ''}#{head.oldest_due_on or '~'}#{head.case_id}", head)
            for head in (file.head for file in self.files.values())
            if head.portfolio_id == portfolio_id
            and head.status not in GONE
            and (head.touched_on is None or head.touched_on < before)
        )
        rest = [row for row in rows if cursor is None or row[0] > cursor]
        more = rest[limit - 1][0] if len(rest) > limit else None
        return Page(
            tuple(
                Untouched(
                    case_id=head.case_id, touched_on=head.touched_on, due_on=head.oldest_due_on
                )
                for _, head in rest[:limit]
            ),
            more,
        )


def _acts(file: CaseFile) -> list[tuple[datetime, str, Done]]:
    return [
        *(
            (one.created_at, person_of(one.cause.by), one)
            for one in file.attempts
            if one.direction is Direction.OUT
        ),
        *((one.made_at, person_of(one.made_by), one) for one in file.promises),
        *((one.at, one.person_id, one) for one in file.visits),
    ]
