"""
Visits received: judged anew, recorded with all that follows from them in one commit, once.

Nothing that took place is refused: what no longer fits the case is told and kept beside it. Only a
report that makes no sense, or that none of the person's devices signed, is turned down.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.case import Address, CaseFile
from chalicelib.domain.contact import Channel, Ruling
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import after
from chalicelib.domain.errors import (
    AlreadyRecorded,
    CaseMoved,
    CaseNotFound,
    VisitInvalid,
    VisitNotFound,
    VisitTaken,
)
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.questionnaire import NO_SUCH_PHOTO
from chalicelib.domain.visit import (
    Cash,
    Clash,
    Findings,
    Judgement,
    Report,
    Standing,
    Trusted,
    Visit,
    VisitKind,
    VisitState,
)
from chalicelib.geo.cells import cell_of
from chalicelib.services import (
    casework,
    cash_receiving,
    cash_words,
    contacting,
    visit_effects,
    visit_judging,
    visit_points,
)
from chalicelib.services.access import STAFF, Portfolios, need
from chalicelib.services.casework import Cases
from chalicelib.services.cash_receiving import CashBook
from chalicelib.services.sessions import person_of
from chalicelib.services.suppression import Known, nowhere
from chalicelib.services.visit_judging import Marks, Moment, Trails
from chalicelib.visits.trust import REVIEW_BELOW
from chalicelib.visits.verdict import Reason, Verdict

NO_PHOTO = "form.no_such_photo"
MOST_MERGES = 5  # a case merged into one that was merged...


class VisitCases(Cases, Marks, Protocol):
    def visit(self, case_id: str, visit_id: str) -> Visit | None: ...


class Forms(Protocol):
    """The questionnaires of portfolios."""

    def problems(
        self, portfolio_id: str, report: Report, language: str
    ) -> list[dict[str, str]] | None:
        """
        Say what is wrong with the answers, by the version they were filled with.

        Returns:
            ``question``, ``path`` and ``code`` each (``NO_SUCH_PHOTO`` is told and refuses
            nothing); None when there is no such version.
        """
        ...

    def newest(self, portfolio_id: str, form_id: str) -> int | None:
        """Give the version that is filled now; None when the form is not in use."""
        ...


def receive(
    visit_id: str,
    report: Report,
    *,
    digest: str,
    signature: str,
    actor: Actor,
    cases: VisitCases,
    portfolios: Portfolios,
    forms: Forms | None,
    trails: Trails | None,
    cash: CashBook,
    proved: Callable[[str, Cash], bool],
    read_phone: Callable[[str, str], str | None],
    suppressed: Known = nowhere,
    now: datetime,
) -> tuple[Visit, bool]:
    """
    Take a visit's report in. Safe to repeat.

    Args:
        forms, trails: None where there are none.
        proved: Says whether the debtor of a case confirmed the cash by a code.
        suppressed: What people had erased: it is not taken from a report either.
        digest, signature: Of the bytes it came as; the signature was verified.

    Returns:
        The visit as it is on record, and whether this made it.

    Raises:
        VisitInvalid: The report makes no sense.
        VisitTaken: Another report came under this id.
        CaseNotFound: None that the actor may see.
    """
    need(actor, *STAFF)
    person_id = person_of(actor)
    known = _known(visit_id, cases)
    if known is not None:
        if known.person_id != person_id or known.digest != digest:
            raise VisitTaken(visit_id=visit_id)
        return known, False
    problems = [*_nonsense(report), *cash_receiving.nonsense(report, person_id)]
    if problems:
        raise VisitInvalid(fields=problems)
    told = report
    for _ in range(casework.ATTEMPTS):
        first, file, portfolio = _opened(report.case_id, actor, cases, portfolios)
        there = next((one for one in file.visits if one.visit_id == visit_id), None)
        if there is not None:  # the same report, twice at once
            return there, False
        report, erased = visit_effects.without_erased(
            told, portfolio, read_phone=read_phone, known=suppressed
        )
        moment = visit_judging.moment_of(report, now)
        address = _address(report, first, file)
        trail = (
            trails.around(
                person_id,
                moment.started_at - visit_judging.TRAIL_BEFORE,
                moment.ended_at + visit_judging.TRAIL_AFTER,
            )
            if trails
            else ()
        )
        verdict = visit_judging.judged(report, address, portfolio, moment, trail)
        trust = visit_judging.trusted(
            visit_id,
            person_id,
            report,
            portfolio=portfolio,
            moment=moment,
            trail=trail,
            received_at=now,
            tracked=report.tracked and trails is not None,
            marks=cases,
        )
        effects = visit_effects.checked(
            report, file, portfolio, moment,
            person_id=person_id, read_phone=read_phone, now=now,
        )  # fmt: skip
        taken = cash_receiving.receipt_of(
            visit_id, report, file, portfolio, moment,
            person_id=person_id, book=cash, proved=proved, now=now,
        )  # fmt: skip
        ruling = _ruling(file, portfolio, address, moment)
        counted = report.kind is VisitKind.VISIT and verdict.verdict != Verdict.OUTSIDE.value
        of_form = _form_clashes(report, portfolio, forms)
        clashes = (*effects.clashes, *erased, *of_form)
        doubts = (
            *_doubts(report, verdict, trust, ruling, clashes),
            *(("cash",) if taken is not None and taken.doubts else ()),
        )
        visit = Visit(
            visit_id=visit_id,
            person_id=person_id,
            at=moment.ended_at,
            received_at=now,
            state=VisitState.PHOTOS_WANTED if report.photos else VisitState.COMPLETE,
            standing=Standing.REVIEW if doubts else Standing.RECEIVED,
            report=report,
            findings=Findings(
                verdict=verdict,
                trust=trust,
                counted=counted,
                doubts=doubts,
                ruling=ruling,
                clashes=(
                    *clashes,
                    *(Clash(code=f"cash.{doubt}") for doubt in (taken.doubts if taken else ())),
                ),
                cell=_cell(report),
            ),
            digest=digest,
            signature=signature,
        )
        draft = casework.begun(file, portfolio, actor, now=now)
        draft.visit(visit, visit_judging.marks_of(visit_id, person_id, report, portfolio, moment))
        if taken is not None:  # before a promise, which is about what remains
            given = draft.take_cash(taken, paid_on=local_day(taken.at, portfolio.time_zone))
            cash_words.ask(draft, file, given, now=now)
        visit_effects.apply(draft, file, visit, effects, moment)
        if address is not None and visit_points.proposal(address, (*file.visits, visit)):
            draft.leave_mark(visit_points.mark_of(file, address))
        change = draft.change()
        if change is None:
            raise CaseMoved(case_id=file.head.case_id)
        try:
            cases.commit(change)
        except CaseMoved:
            continue
        except AlreadyRecorded:  # the receipt's number was taken meanwhile: it is a twin now
            if taken is None:
                raise
            continue
        done = after(file, change)
        return next(one for one in done.visits if one.visit_id == visit_id), True
    raise CaseMoved(case_id=report.case_id)


def own(visit_id: str, *, actor: Actor, cases: VisitCases) -> Visit:
    """
    Give a visit to whoever reported it.

    Raises:
        VisitNotFound: None of theirs.
    """
    need(actor, *STAFF)
    known = _known(visit_id, cases)
    if known is None or known.person_id != person_of(actor):
        raise VisitNotFound(visit_id=visit_id)
    return known


def case_of(visit_id: str, cases: Marks) -> str | None:
    """Say which case a visit is of."""
    return next(iter(cases.marked("visit", visit_id, most=1)), None)


def receipt(visit: Visit) -> dict[str, Any]:
    """What the phone is told of a visit."""
    found = visit.findings
    return {
        "visit_id": visit.visit_id,
        "state": visit.state.value,
        "verdict": to_plain(found.verdict),
        "trust": to_plain(found.trust),
        "counted": found.counted,
        "photos_wanted": list(visit.wanted),
        "conflicts": to_plain(found.clashes),
    }


# Private


def _known(visit_id: str, cases: VisitCases) -> Visit | None:
    case_id = case_of(visit_id, cases)
    return None if case_id is None else cases.visit(case_id, visit_id)


def _opened(
    case_id: str, actor: Actor, cases: VisitCases, portfolios: Portfolios
) -> tuple[CaseFile, CaseFile, Portfolio]:
    """Open the case that was visited, and the one it was merged into meanwhile."""
    first, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    file = first
    for _ in range(MOST_MERGES):
        into = file.head.merged_into
        if into is None:
            break
        file = cases.open(into)
        if file.head.portfolio_id != portfolio.portfolio_id:
            raise CaseNotFound(case_id=case_id)
    return first, file, portfolio


def _address(report: Report, *files: CaseFile) -> Address | None:
    wanted = report.address_id
    return next((a for file in files for a in file.addresses if a.address_id == wanted), None)


def _ruling(
    file: CaseFile, portfolio: Portfolio, address: Address | None, moment: Moment
) -> Ruling:
    lines = address.lines if address else ""
    reach = contacting.Reach(
        contact_id=address.address_id if address else "",
        channel=Channel.VISIT,
        value=lines,
        party="debtor",
        quality=address.quality.value if address else "none",
    )
    return contacting.rule(file, portfolio, reach, now=moment.started_at)


def _cell(report: Report) -> str:
    fix = visit_judging.best_fix(report)
    return "" if fix is None else cell_of(fix.lat, fix.lng)


def _doubts(
    report: Report,
    verdict: Judgement,
    trust: Trusted,
    ruling: Ruling,
    clashes: Sequence[Clash],
) -> Iterator[str]:
    """Say why a person has to look at it. What an address cannot tell is no doubt of the visit."""
    if trust.score < REVIEW_BELOW:
        yield "trust"
    if report.kind is VisitKind.EXCEPTION:
        yield "exception"
    elif verdict.verdict == Verdict.OUTSIDE.value:
        yield "outside"
    elif set(verdict.reasons) - {Reason.NO_POINT.value, Reason.ROUGH_POINT.value}:
        yield "unsure"
    if not ruling.allowed:
        yield "not_allowed"
    if any(clash.code.startswith("disposition.") or clash.code == NO_PHOTO for clash in clashes):
        yield "result"


# Of a refused answer, beside its place and code.
_TOLD = ("question", "label", "text", "article")


def _form_clashes(report: Report, portfolio: Portfolio, forms: Forms | None) -> tuple[Clash, ...]:
    """
    Check a questionnaire by the version it was filled with; an older one is told, and kept.

    So is an answer that names a photo the visit does not have: the photo may be lost for good,
    and to refuse the visit for it would lose all the rest.

    Raises:
        VisitInvalid: An answer that the form forbids, by its question.
    """
    filled = report.form
    if filled is None:
        return ()
    problems = forms.problems(portfolio.portfolio_id, report, portfolio.language) if forms else None
    known = {"form_id": filled.form_id, "version": filled.version}
    if forms is None or problems is None:
        return (Clash(code="form.unknown", details=known),)
    wrong = [one for one in problems if one["code"] != NO_SUCH_PHOTO]
    if wrong:
        raise VisitInvalid(
            fields=[
                {
                    "field": f"form.answers.{one['path']}",
                    "reason": one["code"],
                    **{key: one[key] for key in _TOLD if one.get(key)},
                }
                for one in wrong
            ]
        )
    lost = [one["question"] for one in problems]
    found = (Clash(code=NO_PHOTO, details={"questions": lost}),) if lost else ()
    newest = forms.newest(portfolio.portfolio_id, filled.form_id)
    if newest is not None and newest > filled.version:
        return (Clash(code="form.older", details=known | {"newest": newest}), *found)
    return found


def _nonsense(report: Report) -> Iterator[dict[str, str]]:
    """What cannot be, whatever the case is like."""
    if report.finished_at < report.started_at:
        yield {"field": "finished_at", "reason": "before_start"}
    ids = [photo.photo_id for photo in report.photos]
    if len(set(ids)) < len(ids):
        yield {"field": "photos", "reason": "twice"}
    if report.notice_photo_id and report.notice_photo_id not in ids:
        yield {"field": "notice_photo_id", "reason": "not_found"}
    paid = report.payment_report
    if paid is not None and paid.photo_id and paid.photo_id not in ids:
        yield {"field": "payment_report.photo_id", "reason": "not_found"}
    if report.kind is VisitKind.VISIT:
        if report.exception is not None:
            yield {"field": "exception", "reason": "not_with_a_visit"}
        if not report.fixes:
            yield {"field": "fixes", "reason": "missing"}
        return
    if report.exception is None:
        yield {"field": "exception", "reason": "missing"}
    if not report.photos:
        yield {"field": "photos", "reason": "missing"}
    if report.promise is not None:
        yield {"field": "promise", "reason": "not_with_an_exception"}
