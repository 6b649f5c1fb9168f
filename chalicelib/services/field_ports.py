"""What field work asks of the stores."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from chalicelib.domain.assignment import Assignment, AssignmentKey, PlaceKey
from chalicelib.domain.case import Address, CaseChange, CaseFile, CaseHead
from chalicelib.domain.errors import DomainError
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.casework import Cases


class FieldCases(Cases, Protocol):
    """Cases by person, by place, and many at once."""

    def heads(self, case_ids: Iterable[str]) -> dict[str, CaseHead]: ...
    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]: ...
    def commit_many(self, changes: Sequence[CaseChange]) -> Sequence[DomainError | None]: ...
    def places(
        self, portfolio_id: str, cells: Iterable[str], *, limit: int = 1000
    ) -> Sequence[PlaceKey]: ...
    def addresses(self, keys: Iterable[PlaceKey]) -> dict[PlaceKey, Address]: ...
    def agenda_of(
        self, person_id: str, day: date, until: date | None = None
    ) -> list[AssignmentKey]: ...
    def assignments(self, keys: Iterable[AssignmentKey]) -> dict[AssignmentKey, Assignment]: ...


class FieldPortfolios(Protocol):
    def get(self, portfolio_id: str) -> Portfolio | None: ...
    def all(self) -> list[Portfolio]: ...
