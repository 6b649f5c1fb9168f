"""Many of the creditor's documents at once: each beside the debt that its name says, or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.creditor_paper import Meant, PaperKind, meanings
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import DebtNotFound, DomainError
from chalicelib.domain.people import Actor
from chalicelib.services import attached, casework
from chalicelib.services.access import UPLOADERS, Portfolios, need_portfolio
from chalicelib.services.casework import Cases
from chalicelib.services.creditor_papers import NewPaper, Sent, of_bytes, owned, read

# A name is cut in few places only; one full of underscores is nobody's.
MOST_MEANINGS = 6


class DebtsKnown(Cases, Protocol):
    def cases_of_debts(self, portfolio_id: str, external_ids: Iterable[str]) -> dict[str, str]:
        """Find the case of each debt that is known by the creditor's id and not void."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFile:
    """A file of many, placed by the creditor's id of its debt: stated, or read off its name."""

    mark: str
    name: str
    debt: str = ""
    kind: PaperKind | None = None
    shown: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFile:
    """A file that is not sent yet. ``sha256``: of its bytes; empty where nobody reckoned it."""

    name: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where files come from and go to, and who puts them there."""

    sent: Sent
    files: attached.Files
    actor: Actor
    cases: DebtsKnown
    portfolios: Portfolios
    now: datetime


def match(
    portfolio_id: str,
    offered: Sequence[OfferedFile],
    *,
    actor: Actor,
    cases: DebtsKnown,
    portfolios: Portfolios,
) -> list[dict[str, Any]]:
    """
    Say where files would go by their names, before any is sent; in the order they were offered.

    Returns:
        ``{"name", "outcome", "kind", "debts"}`` each; outcome: ``matched`` (one debt),
        ``ambiguous`` (the name may mean several), ``known`` (these very bytes stand there
        already; a photo loses its metadata when it is kept, so it is known only afterwards) or
        ``no_debt``. ``debts``: ``{"debt", "case_id", "case_name"}``, the likeliest first.

    Raises:
        PortfolioNotFound, NotAllowed: See ``access``.
    """
    need_portfolio(actor, portfolio_id, *UPLOADERS)
    owned(portfolio_id, portfolios)
    several = [list(islice(meanings(one.name), MOST_MEANINGS)) for one in offered]
    wanted = {meant.external_id for may_mean in several for meant in may_mean}
    known = cases.cases_of_debts(portfolio_id, wanted)
    files = {case_id: cases.open(case_id) for case_id in sorted(set(known.values()))}
    told = []
    for one, may_mean in zip(offered, several, strict=True):
        found = [meant for meant in may_mean if meant.external_id in known]
        debts = list(dict.fromkeys(meant.external_id for meant in found))
        outcome = "ambiguous" if len(debts) > 1 else "matched" if debts else "no_debt"
        if any(_stands(files[known[debt]], debt, one.sha256) for debt in debts):
            outcome = "known"
        kind = found[0].kind if found else None
        told.append(
            {
                "name": one.name,
                "outcome": outcome,
                "kind": kind.value if kind else None,
                "debts": [
                    {
                        "debt": debt,
                        "case_id": known[debt],
                        "case_name": files[known[debt]].head.name,
                    }
                    for debt in debts
                ],
            }
        )
    return told


def _stands(file: CaseFile, external_id: str, sha256: str) -> bool:
    """Say whether these bytes stand as proof of the debt already."""
    ids = {one.debt_id for one in file.debts if one.external_id == external_id and not one.void}
    return any(one.sha256 == sha256 and one.stands and one.debt_id in ids for one in file.papers)


def place(
    portfolio_id: str, named: Sequence[NamedFile], *, usual: PaperKind, desk: Desk
) -> list[dict[str, Any]]:
    """
    Put many files where their names say; each is accounted for, in the order they were named.

    Safe to repeat: what is there already is said to be.

    Args:
        usual: The kind of those whose name says none.

    Returns:
        ``{"mark", "name", "outcome", "reason", "debt", "kind", "case_id", "paper_id"}`` each;
        outcome: ``placed``, ``known``, ``no_debt`` or ``refused``, then with its reason.

    Raises:
        PortfolioNotFound, NotAllowed: See ``access``.
    """
    need_portfolio(desk.actor, portfolio_id, *UPLOADERS)
    owned(portfolio_id, desk.portfolios)
    several = [_meant(one) for one in named]
    wanted = {meant.external_id for meanings_ in several for meant in meanings_}
    known = desk.cases.cases_of_debts(portfolio_id, wanted)
    told = []
    for one, may_mean in zip(named, several, strict=True):
        found = next((meant for meant in may_mean if meant.external_id in known), None)
        line: dict[str, Any] = {
            "mark": one.mark,
            "name": one.name,
            "outcome": "no_debt",
            "reason": "",
            "debt": found.external_id if found else "",
            "kind": None,
            "case_id": None,
            "paper_id": None,
        }
        if found is not None:
            kind = one.kind or found.kind or usual
            case_id = known[found.external_id]
            line |= {"kind": kind.value, "case_id": case_id}
            try:
                line |= _place(case_id, found.external_id, one, kind, desk)
            except DomainError as error:
                why = error.details.get("reason") or error.code
                line |= {"outcome": "refused", "reason": str(why)}
        told.append(line)
    return told


def _meant(one: NamedFile) -> list[Meant]:
    if one.debt.strip():
        return [Meant(one.debt.strip(), None)]
    return list(islice(meanings(one.name), MOST_MEANINGS))


def _place(
    case_id: str, external_id: str, one: NamedFile, kind: PaperKind, desk: Desk
) -> dict[str, Any]:
    file = desk.cases.open(case_id)
    debt = next((d for d in file.debts if d.external_id == external_id and not d.void), None)
    if debt is None:
        raise DebtNotFound(debt_id=external_id)
    kept = read(file, one.mark, debt.debt_id, desk.sent)
    desk.files.write(kept.key, kept.body, content_type=kept.media_type)
    new = NewPaper(mark=one.mark, name=one.name, kind=kind, debt_id=debt.debt_id, shown=one.shown)
    paper = of_bytes(kept, file, new, by=desk.actor.actor_id, now=desk.now)

    def do(draft: Draft, *_: object) -> None:
        draft.add_paper(paper)

    fresh = casework.change_by_machine(
        case_id,
        do,
        cases=desk.cases,
        portfolios=desk.portfolios,
        now=desk.now,
        by=desk.actor.actor_id,
    )
    return {"outcome": "placed" if fresh else "known", "paper_id": paper.paper_id}
