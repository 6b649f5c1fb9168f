"""How every use case opens a case and changes it: seen by its own only, retried when it moved."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import CaseChange, CaseFile
from chalicelib.domain.case_list import CaseFilter, CaseLine
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.errors import BadField, CaseMoved, CaseNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services.access import STAFF, Portfolios, need

ATTEMPTS = 10
MACHINE = "system"


class OpenCases(Protocol):
    def open(self, case_id: str) -> CaseFile:
        """
        Raises:
            CaseNotFound: No such case.
        """
        ...


class Cases(OpenCases, Protocol):
    def commit(self, *changes: CaseChange) -> None:
        """
        Write changes whole or not at all.

        Raises:
            CaseMoved: Somebody else changed a case first.
            AlreadyRecorded: A payment with this key exists.
        """
        ...


class Lines(Protocol):
    """A page of a list of cases."""

    @property
    def items(self) -> Sequence[CaseLine]: ...

    @property
    def cursor(self) -> str | None: ...


class ListedCases(Protocol):
    def list(
        self,
        portfolio_id: str,
        *,
        sort: str = ...,
        where: CaseFilter | None = ...,
        cursor: str | None = ...,
        limit: int = ...,
    ) -> Lines: ...


def opened(
    case_id: str, *, actor: Actor, cases: OpenCases, portfolios: Portfolios
) -> tuple[CaseFile, Portfolio]:
    """
    Open a case with its portfolio.

    Raises:
        CaseNotFound: None that the actor may see; theirs and others' are told apart by nothing.
        NotAllowed: The actor is not staff.
    """
    need(actor, *STAFF)
    file = cases.open(case_id)
    if not actor.sees(file.head.portfolio_id):
        raise CaseNotFound(case_id=case_id)
    portfolio = portfolios.get(file.head.portfolio_id)
    if portfolio is None:
        raise CaseNotFound(case_id=case_id)
    return file, portfolio


def change(
    case_id: str,
    do: Callable[[Draft, CaseFile, Portfolio], None],
    *,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[CaseFile, Portfolio]:
    """
    Open a case, let *do* work on a draft of it, and commit; again when it moved meanwhile.

    Args:
        do: May be called several times, each time with the case as it then is.

    Returns:
        The case as it is now.

    Raises:
        CaseMoved: It kept moving.
    """
    file, portfolio, _ = _changed(
        case_id,
        do,
        open_=lambda: opened(case_id, actor=actor, cases=cases, portfolios=portfolios),
        by=actor.actor_id,
        cases=cases,
        now=now,
        through=actor.through,
    )
    return file, portfolio


def change_by_machine(
    case_id: str,
    do: Callable[[Draft, CaseFile, Portfolio], None],
    *,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
    by: str = MACHINE,
) -> bool:
    """
    Do the same where nobody asks: a provider's event, a schedule. Says whether anything changed.

    Raises:
        CaseNotFound: No such case, or its portfolio is gone.
        CaseMoved: It kept moving.
    """

    def open_() -> tuple[CaseFile, Portfolio]:
        file = cases.open(case_id)
        portfolio = portfolios.get(file.head.portfolio_id)
        if portfolio is None:
            raise CaseNotFound(case_id=case_id)
        return file, portfolio

    _, _, changed = _changed(case_id, do, open_=open_, by=by, cases=cases, now=now)
    return changed


def begun(file: CaseFile, portfolio: Portfolio, actor: Actor, *, now: datetime) -> Draft:
    """Begin a draft in which every event says who brought what the actor made, if others did."""
    draft = Draft(file, portfolio, actor=actor.actor_id, now=now)
    if actor.through:
        draft.within(brought_by=actor.through)
    return draft


def _changed(
    case_id: str,
    do: Callable[[Draft, CaseFile, Portfolio], None],
    *,
    open_: Callable[[], tuple[CaseFile, Portfolio]],
    by: str,
    cases: Cases,
    now: datetime,
    through: str = "",
) -> tuple[CaseFile, Portfolio, bool]:
    for _ in range(ATTEMPTS):
        file, portfolio = open_()
        draft = Draft(file, portfolio, actor=by, now=now)
        if through:
            draft.within(brought_by=through)
        do(draft, file, portfolio)
        changed = draft.change()
        if changed is None:
            return file, portfolio, False
        try:
            cases.commit(changed)
        except CaseMoved:
            continue
        return after(file, changed), portfolio, True
    raise CaseMoved(case_id=case_id)


def text(value: str, field: str, *, longest: int) -> str:
    """
    Give a required text without the space around it.

    Raises:
        BadField: It is empty or too long.
    """
    value = value.strip()
    if not value:
        raise BadField(field=field, reason="missing")
    if len(value) > longest:
        raise BadField(field=field, reason="too_long", most=longest)
    return value
