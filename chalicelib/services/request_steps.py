"""What can be done about a request by law; each gives what ``data_requests.change`` carries out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.compliance.data_terms import Unit
from chalicelib.domain.data_request import (
    DataRequest,
    Ground,
    IdentityProof,
    RequestAnswer,
    RequestState,
    Verdict,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import BadField, DataRequestSettled
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import casework, tasks
from chalicelib.services.request_persons import Cases, of_person
from chalicelib.services.request_terms import last_day

MOST_WORDS = 2_000

Do = Callable[[DataRequest, Portfolio], DataRequest]


def want_identity(note: str, *, actor: Actor, now: datetime) -> Do:
    """Note that the person was asked to show who they are; the term runs on."""
    note = casework.text(note, "note", longest=MOST_WORDS)

    def do(one: DataRequest, _: Portfolio) -> DataRequest:
        _unanswered(one)
        return one.stepped(
            "identity_wanted",
            actor=actor.actor_id,
            now=now,
            note=note,
            state=RequestState.IDENTITY,
        )

    return do


def identify(proof: IdentityProof, note: str, *, actor: Actor, now: datetime) -> Do:
    """Note how it was made sure that it is the person, and by whom."""
    note = note.strip()

    def do(one: DataRequest, _: Portfolio) -> DataRequest:
        _unanswered(one)
        return one.stepped(
            "identified",
            actor=actor.actor_id,
            now=now,
            note=note,
            state=RequestState.WORK,
            proof=proof,
            proven_at=now,
            proven_by=actor.actor_id,
        )

    return do


def give(owner: str, *, people: tasks.People, actor: Actor, now: datetime) -> Do:
    """
    Say who is to see to it.

    Raises:
        NotOfPortfolio: They may not see its cases.
    """

    def do(one: DataRequest, portfolio: Portfolio) -> DataRequest:
        if one.owner == owner:
            return one
        tasks.worker(owner, portfolio, people)
        state = RequestState.WORK if one.state is RequestState.RECEIVED else one.state
        return one.stepped("given", actor=actor.actor_id, now=now, owner=owner, state=state)

    return do


def add_case(case_id: str, *, actor: Actor, cases: Cases, now: datetime) -> Do:
    """
    Say that another case is of the same person.

    Raises:
        CaseNotFound: Of another portfolio, or none.
    """

    def do(one: DataRequest, portfolio: Portfolio) -> DataRequest:
        if case_id in one.case_ids:
            return one
        _unanswered(one)
        wanted = of_person(portfolio.portfolio_id, (*one.case_ids, case_id), cases)
        # Steps so far are told on its timeline, too.
        return replace(
            one.stepped("case_added", actor=actor.actor_id, now=now, case_ids=wanted), told=0
        )

    return do


def extend(reason: str, *, actor: Actor, now: datetime) -> Do:
    """
    Put the answer off once, by as much as the law allows.

    Raises:
        BadField: The law does not allow it, or it was done; or no reason.
    """
    reason = casework.text(reason, "note", longest=MOST_WORDS)

    def do(one: DataRequest, portfolio: Portfolio) -> DataRequest:
        _unanswered(one)
        term = one.term
        if term.extend_days == 0 or term.extended_to is not None:
            raise BadField(field="act", reason="not_extendable")
        until = last_day(portfolio, term.answer_by, term.extend_days, Unit(term.unit))
        return one.stepped(
            "extended",
            actor=actor.actor_id,
            now=now,
            note=reason,
            term=replace(term, extended_to=until),
        )

    return do


def answer(
    verdict: Verdict,
    *,
    ground: Ground | None,
    article: str,
    text: str,
    actor: Actor,
    now: datetime,
) -> Do:
    """
    Answer a request: granted, in part, with the data kept apart, or refused for a lawful reason.

    What is granted is to be carried out; what is refused has ended. An erasure that was granted
    may be answered once more, with the data kept apart, while nobody has set about it.

    Args:
        text: For the person: the letter says it.

    Raises:
        BadField: No words; no ground or article where something is not granted; nobody has
            made sure that it is the person.
    """
    text = casework.text(text, "text", longest=MOST_WORDS)
    whole = verdict is Verdict.GRANTED
    if not whole and ground is None:
        raise BadField(field="ground", reason="missing")

    def do(one: DataRequest, portfolio: Portfolio) -> DataRequest:
        # What was to be erased and cannot be yet is kept apart instead.
        instead = verdict is Verdict.RESTRICTED and one.erasable and not one.erasing
        if not instead:
            _unanswered(one)
        unproven = verdict is Verdict.REFUSED and ground is Ground.NOT_PROVEN
        if one.proof is None and not unproven:
            raise BadField(field="proof", reason="missing")
        said = RequestAnswer(
            verdict=verdict,
            ground=None if whole else ground,
            article=article.strip(),
            text=text,
            at=now,
            by=actor.actor_id,
        )
        if verdict is Verdict.REFUSED:
            state, ended, act = RequestState.REFUSED, now, "refused"
            term = one.term
        else:
            state, ended, act = RequestState.ANSWERED, None, "answered"
            today = local_day(now, portfolio.time_zone)
            days = one.term.carry_days
            carry_by = (
                last_day(portfolio, today, days, Unit.BUSINESS) if days else max(one.due_on, today)
            )
            term = replace(one.term, carry_by=carry_by)
        return one.stepped(
            act,
            actor=actor.actor_id,
            now=now,
            state=state,
            erasure=None,
            answer=said,
            ended_at=ended,
            term=term,
        )

    return do


def carry_out(note: str, *, actor: Actor, now: datetime) -> Do:
    """
    Note that what was granted was done, and how.

    Raises:
        BadField: No words, or nothing was granted.
    """
    note = casework.text(note, "note", longest=MOST_WORDS)

    def do(one: DataRequest, _: Portfolio) -> DataRequest:
        if one.state is not RequestState.ANSWERED:
            raise BadField(field="act", reason="not_answered")
        if one.erasing and one.erasure is not None:
            raise DataRequestSettled(state=one.erasure.state.value)
        return one.stepped(
            "done",
            actor=actor.actor_id,
            now=now,
            note=note,
            state=RequestState.DONE,
            ended_at=now,
        )

    return do


# Private


def _unanswered(one: DataRequest) -> None:
    if one.answer is not None:
        raise DataRequestSettled(state=one.state.value)
