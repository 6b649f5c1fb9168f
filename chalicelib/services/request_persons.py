"""Which cases are of whoever asks about their data: of the same tax id, or perhaps a contact."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from chalicelib.domain.case import CaseFile, CaseHead
from chalicelib.domain.data_request import MOST_CASES, DataRequest
from chalicelib.domain.errors import BadField, CaseNotFound

ABSORBED = "case.absorbed"


class Cases(Protocol):
    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...
    def find(
        self, portfolio_id: str, kind: str, value: str, *, limit: int = ...
    ) -> Sequence[CaseHead]: ...


def of_person(portfolio_id: str, case_ids: Sequence[str], cases: Cases) -> tuple[str, ...]:
    """
    Give the cases that were named, all others of the same tax id, and what went into them.

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
    return with_merged(tuple(found), cases)


def with_merged(case_ids: Sequence[str], cases: Cases) -> tuple[str, ...]:
    """
    Give cases with those that were merged into them, and those that they were merged into.

    What is merged away is void and found by no tax id, yet holds all that was ever known of it.

    Raises:
        BadField: There are too many.
    """
    found = dict.fromkeys(case_ids)
    fresh = tuple(found)
    while fresh:
        if len(found) > MOST_CASES:
            raise BadField(field="case_ids", reason="too_many", most=MOST_CASES)
        near: dict[str, None] = {}
        for case_id, file in cases.open_many(fresh).items():
            absorbed = {str(event.facts["from"]) for event in file.events if event.kind == ABSORBED}
            gone = cases.heads(sorted(absorbed))
            near |= dict.fromkeys(key for key, head in gone.items() if head.merged_into == case_id)
            if file.head.merged_into:
                near[file.head.merged_into] = None
        fresh = tuple(key for key in near if key not in found)
        found |= dict.fromkeys(fresh)
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
