"""
What a visit does to its case, and what of it no longer fits.

The rules, as the agent is told them: what took place is always kept; a promise is noted while the
case owes, within the portfolio's days, and unless a newer one was made meanwhile; a payment
reported pauses contact while the case owes; a dispute, a refusal of contact, a new phone or
address are noted whenever they come, for they protect the debtor.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.assignment import AssignmentState
from chalicelib.domain.case import (
    Address,
    CaseFile,
    CaseStatus,
    ContactKind,
    PointQuality,
)
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    ConsentState,
    Direction,
    HoldReason,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_contact import ANY
from chalicelib.domain.field import OBLIGED, Want
from chalicelib.domain.ids import derived_id
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.reported import ReportedSource
from chalicelib.domain.suppressed import address_text
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.domain.visit import Clash, Disputed, PaymentReport, Report, Visit, VisitKind
from chalicelib.geo.cells import cell_of
from chalicelib.services import dispositions, disputes, payment_tellings, suppression
from chalicelib.services.visit_judging import Moment
from chalicelib.services.working_days import grace_on as last_day_of

VISIT = Channel.VISIT.value
# The parties of a contact point, and of an attempt, by who was met.
PARTY = {
    "holder": "debtor", "codebtor": "codebtor",
    "family": "family", "neighbour": "neighbour", "employer": "employer",
}  # fmt: skip

# Reasons to stop that are no dispute; the others are a supervisor's to place.
TOLD_AT_THE_DOOR = frozenset(
    {HoldReason.ILLNESS, HoldReason.VULNERABLE, HoldReason.CEASE, HoldReason.ATTORNEY}
)

ReadPhone = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What of a report is to be applied; None and empty where it clashes or says nothing."""

    promise: bool = False
    payment: bool = False
    contacts: tuple[tuple[ContactKind, str, str], ...] = ()
    clashes: tuple[Clash, ...] = ()


def checked(
    report: Report,
    file: CaseFile,
    portfolio: Portfolio,
    moment: Moment,
    *,
    person_id: str,
    read_phone: ReadPhone,
    now: datetime,
) -> Effects:
    """Hold a report against the case as it is *now*. Pure: nothing is changed."""
    clashes: list[Clash] = []
    if file.head.status is CaseStatus.VOID:
        return Effects(clashes=(Clash(code="case.void"),))
    if file.head.case_id != report.case_id:
        clashes.append(Clash(code="case.merged", details={"into": file.head.case_id}))
    if file.head.status is CaseStatus.SETTLED:
        clashes.append(Clash(code="case.settled"))
    clashes += _against_assignment(report, file, person_id)
    clashes += _against_catalogue(report, portfolio)
    owes = file.head.status is not CaseStatus.SETTLED
    against = tuple(_against_promise(report, file, portfolio, moment, now)) if owes else ()
    contacts = []
    for number, found in enumerate(report.contacts):
        value = _written(found.kind, found.value, portfolio.country, read_phone)
        if value is None:
            clashes.append(Clash(code="contact.unreadable", details={"number": number}))
        else:
            contacts.append((ContactKind(found.kind), value, found.party))
    return Effects(
        promise=report.promise is not None and owes and not against,
        payment=report.payment_report is not None and owes,
        contacts=tuple(contacts),
        clashes=(*clashes, *against),
    )


def without_erased(
    report: Report, portfolio: Portfolio, *, read_phone: ReadPhone, known: suppression.Known
) -> tuple[Report, tuple[Clash, ...]]:
    """
    Take out of a report what its person had erased; the visit took place and is kept.

    Returns:
        What is to be kept of the report, and what the agent is told was left out.
    """
    said = [
        (one, (one.kind, _written(one.kind, one.value, portfolio.country, read_phone) or ""))
        for one in report.contacts
    ]
    values = [value for _, value in said]
    place = report.address
    if place is not None:
        values.append(("address", address_text(place.lines, place.city)))
    gone = known(portfolio.portfolio_id, values) if values else frozenset()
    if not gone:
        return report, ()
    clashes = [
        Clash(code="contact.suppressed", details={"number": number})
        for number, (_, value) in enumerate(said)
        if value in gone
    ]
    if place is not None and values[-1] in gone:
        clashes.append(Clash(code="address.suppressed"))
        place = None
    kept = tuple(one for one, value in said if value not in gone)
    return replace(report, contacts=kept, address=place), tuple(clashes)


def apply(draft: Draft, file: CaseFile, visit: Visit, effects: Effects, read_at: Moment) -> None:
    """Do to the case what follows from a visit. Ids come from the phone, or from its ids."""
    if file.head.status is CaseStatus.VOID:
        return
    report = visit.report
    draft.record(attempt_of(visit, read_at))
    for planned in list(draft.assignments):
        if (planned.assignment_id, planned.person_id) == (report.assignment_id, visit.person_id):
            draft.finish_assignment(planned.assignment_id)
            if any(t.task_id == planned.task_id and t.state is TaskState.OPEN for t in file.tasks):
                draft.end_task(planned.task_id, TaskState.DONE)
    if effects.promise and report.promise is not None:
        due_on = report.promise.due_on
        draft.promise(
            report.promise.promise_id,
            report.promise.amount_minor,
            due_on,
            channel=VISIT,
            grace_on=last_day_of(draft.portfolio, due_on),
        )
    if effects.payment and report.payment_report is not None:
        payment_tellings.take(draft, file, _telling(visit, report.payment_report))
    if report.dispute is not None:
        _dispute(draft, file, visit, report.dispute)
    for name in dict.fromkeys(report.opt_outs):
        draft.consent(ConsentState.REFUSED, contact_id=ANY, channel=Channel(name), source=VISIT)
    for kind, value, party in effects.contacts:
        draft.put_contact(kind, value, party=party, source=VISIT)
    if report.address is not None:
        draft.put_address(_address(report, draft.portfolio))


def attempt_id(visit_id: str) -> str:
    """Name the attempt that a visit is."""
    return derived_id("att", visit_id)


def attempt_of(visit: Visit, moment: Moment) -> Attempt:
    """
    The visit as an attempt, so that the caps and the timeline know of it.

    Its outcome is by who was met: that is what some laws count by. The disposition is the
    visit's own. An exception met nobody, and still stood before a door: it counts.
    """
    report = visit.report
    who = report.met.who if report.met else "nobody"
    spoke = "conversation" if who in OBLIGED else "answered"
    return Attempt(
        attempt_id=attempt_id(visit.visit_id),
        channel=Channel.VISIT,
        direction=Direction.OUT,
        state=AttemptState.DONE,
        cause=Cause(kind=VISIT, by=f"user:{visit.person_id}"),
        created_at=moment.started_at,
        contact_id=report.address_id or "",
        party=PARTY.get(who, "debtor"),
        ruling=visit.findings.ruling,
        outcome="unanswered" if who == "nobody" else spoke,
        ended_at=moment.ended_at,
    )


def _against_assignment(report: Report, file: CaseFile, person_id: str) -> Iterator[Clash]:
    """The visit was asked of somebody else by then, or was not wanted any more; it was made."""
    wanted = report.assignment_id
    planned = next((one for one in file.assignments if one.assignment_id == wanted), None)
    if planned is None:
        if wanted:
            yield Clash(code="assignment.unknown")
    elif planned.person_id != person_id:
        yield Clash(code="assignment.reassigned")
    elif planned.state is AssignmentState.WITHDRAWN:
        yield Clash(code="assignment.withdrawn", details={"why": planned.withdrawn})


def _against_catalogue(report: Report, portfolio: Portfolio) -> Iterator[Clash]:
    """A result that the portfolio's list does not have, or without what it asks for there."""
    if report.kind is not VisitKind.VISIT:
        return
    known = {one.code: one for one in dispositions.of(portfolio)}
    result = known.get(report.disposition)
    if result is None:
        yield Clash(code="disposition.unknown", details={"disposition": report.disposition})
        return
    missing = [want.value for want in result.wants if not _given(report, want)]
    if missing:
        yield Clash(code="disposition.incomplete", details={"missing": missing})


def _given(report: Report, want: Want) -> bool:
    kinds = {photo.kind for photo in report.photos}
    match want:
        case Want.DOOR_PHOTO:
            return "door" in kinds
        case Want.NOTICE_PHOTO:
            return report.notice_photo_id is not None or "notice" in kinds
        case Want.SIGNATURE | Want.AGREEMENT:  # the terms come after the visit, on their own
            return "signature" in kinds
        case _:
            return bool(getattr(report, want.value))


def _against_promise(
    report: Report, file: CaseFile, portfolio: Portfolio, moment: Moment, now: datetime
) -> Iterator[Clash]:
    promised = report.promise
    if promised is None or any(p.promise_id == promised.promise_id for p in file.promises):
        return
    day = local_day(moment.ended_at, portfolio.time_zone)
    last = day + timedelta(days=portfolio.policies.promises.most_days)
    if promised.due_on < local_day(now, portfolio.time_zone):
        yield Clash(code="promise.past", details={"due_on": promised.due_on.isoformat()})
    if promised.due_on > last:
        yield Clash(code="promise.too_late", details={"latest": last.isoformat()})
    if any(made.made_at > moment.ended_at for made in file.promises):
        yield Clash(code="promise.newer")


def _written(kind: str, value: str, country: str, read_phone: ReadPhone) -> str | None:
    if kind == ContactKind.PHONE.value:
        return read_phone(value, country)
    return value.strip().lower() or None


def _telling(visit: Visit, said: PaymentReport) -> payment_tellings.Telling:
    """The payment as told at the door; the photo of its receipt follows when it has come."""
    return payment_tellings.Telling(
        key=(visit.visit_id,),
        source=ReportedSource.VISIT,
        cause=Cause(kind=VISIT),
        at=visit.at,
        by=f"user:{visit.person_id}",
        amount_minor=said.amount_minor,
        paid_on=said.paid_on,
        reference=said.reference,
    )


def _dispute(draft: Draft, file: CaseFile, visit: Visit, said: Disputed) -> None:
    """Stop collection for what was said at the door: a reason to hold, or else a dispute."""
    reason = next((one for one in TOLD_AT_THE_DOOR if one.value == said.kind), None)
    if reason is not None:
        if not any(one.reason is reason and one.active_on(draft.today) for one in file.holds):
            draft.hold(_part(visit, "hol", "dispute"), reason, note=said.text)
            _ask(draft, visit, said.kind)
        return
    claim = disputes.Claim(kind=disputes.kind_of(said.kind), source=VISIT, text=said.text)
    known = {one.dispute_id for one in file.disputes}
    if disputes.open_in(draft, claim, key=visit.visit_id, now=visit.received_at) not in known:
        _ask(draft, visit, said.kind)


def _address(report: Report, portfolio: Portfolio) -> Address:
    found = report.address
    if found is None:
        raise ValueError("the report names no address")
    point = found.lat is not None and found.lng is not None
    return Address(
        address_id="",
        lines=found.lines,
        city=found.city,
        country=portfolio.country,
        lat=found.lat if point else None,
        lng=found.lng if point else None,
        cell=cell_of(found.lat, found.lng)
        if found.lat is not None and found.lng is not None
        else None,
        quality=PointQuality.STREET if point else PointQuality.NONE,
        source=VISIT,
    )


def _ask(draft: Draft, visit: Visit, what: str) -> None:
    """Ask people to look at it today."""
    draft.ask(
        Task(
            task_id=_part(visit, "tsk", what),
            kind=TaskKind.REVIEW,
            state=TaskState.OPEN,
            cause=Cause(kind=VISIT, step=what),
            due_on=draft.today,
            created_at=visit.at,
        )
    )


def _part(visit: Visit, prefix: str, what: str) -> str:
    return derived_id(prefix, visit.visit_id, what)
