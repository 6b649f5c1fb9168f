"""Which cases are of whoever asks about their data: of the same tax id, or perhaps a contact."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.data_request import MOST_CASES, DataRequest
from chalicelib.domain.errors import BadField, CaseNotFound


class Cases(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...
    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = ...
    ) -> Sequence[CaseHead]: ...


def of_person(portfolio_id: str, case_ids: Sequence[str], cases: Cases) -> tuple[str, ...]:
    """
    Give the cases that were named and all others of the same tax id.

    Raises:
        CaseNotFound: One is of another portfolio, or there is none.
        BadField: There are too many.
    """
    heads = cases.heads(dict.fromkeys(case_ids))
    for case_id in case_ids:
        if case_id not in heads or heads[case_id].portfolio_id != portfolio_id:
            raise CaseNotFound(case_id=case_id)
    found = dict.fromkeys(case_ids)
    for tax_id in {head.tax_id for head in heads.values() if head.tax_id}:
        same = cases.find(portfolio_id, "tax", tax_id, limit=MOST_CASES + 1)
        found |= dict.fromkeys(head.case_id for head in same)
    if len(found) > MOST_CASES:
        raise BadField(field="case_ids", reason="too_many", most=MOST_CASES)
    return tuple(found)


def alike(
    one: DataRequest, portfolio_id: str, files: Mapping[str, CaseFile], cases: Cases
) -> list[CaseHead]:
    """Give other cases that share the debtor's own phone or e-mail: perhaps the same person."""
    points = {
        (point.kind.value, point.value)
        for file in files.values()
        for point in file.contacts
        if point.party == "debtor" and point.quality not in ("invalid", "wrong_person")
    }
    found: dict[str, CaseHead] = {}
    for kind, value in sorted(points)[:MOST_CASES]:
        heads = cases.find(portfolio_id, kind, value, limit=MOST_CASES)
        if len(heads) < MOST_CASES:  # what many share says nothing
            found |= {head.case_id: head for head in heads if head.case_id not in one.case_ids}
    return list(found.values())
