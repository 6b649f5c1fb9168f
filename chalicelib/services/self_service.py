"""
What debtors do by themselves on their page, each a change of their own case.

Whoever calls has made sure of who asks: the page's session names the case. What is said is
believed until somebody looks, and collection waits for that where the law or decency wants it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.case import CaseFile, ContactKind, PromiseState
from chalicelib.domain.contact import Cause, Channel, ConsentState
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_contact import ANY
from chalicelib.domain.errors import BadField, ContactNotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.reported import ReportedSource
from chalicelib.domain.spoken import LANGUAGES
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.domain.wish import ContactWish
from chalicelib.services import casework, payment_tellings
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.payment_tellings import MOST_REFERENCE
from chalicelib.services.working_days import grace_on as last_day_of

SELF_PAY = "self_pay"
MOST_WORDS = 1_000
# A debtor has one or two of each; more than these is somebody filling the case.
MOST_CONTACTS = 12
Do = Callable[[Draft, CaseFile, Portfolio], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """
    One debtor before their own case.

    Args:
        by: The actor as on the timeline: ``debtor:<case id>``.
        key: Names what was sent; the same key again changes nothing.
    """

    case_id: str
    by: str
    key: str
    cases: Cases
    portfolios: Portfolios
    now: datetime

    def change(self, do: Do) -> bool:
        """Change the case; says whether anything did."""
        return casework.change_by_machine(
            self.case_id,
            do,
            cases=self.cases,
            portfolios=self.portfolios,
            now=self.now,
            by=self.by,
        )

    def id_of(self, prefix: str, *parts: str) -> str:
        return derived_id(prefix, self.case_id, self.key, *parts)


def latest_promise(portfolio: Portfolio, today: date) -> date:
    """The last day that a debtor can promise without a person agreeing to it."""
    return today + timedelta(days=portfolio.policies.promises.most_days)


def promise(desk: Desk, *, amount_minor: int, due_on: date, owed_minor: int) -> None:
    """
    Note that the debtor will pay; it takes the place of what was promised before.

    Args:
        owed_minor: All that is owed today, interest included: nobody promises more.

    Raises:
        BadField: Not positive or more than is owed; in the past or too far ahead; or so many
            were broken that a person agrees the next (``reason`` ``needs_person``).
    """
    if amount_minor > owed_minor:
        raise BadField(field="amount", reason="more_than_owed")
    promise_id = desk.id_of("pro")

    def do(draft: Draft, file: CaseFile, portfolio: Portfolio) -> None:
        limits = portfolio.policies.promises
        broken = sum(one.state is PromiseState.BROKEN for one in file.promises)
        if any(one.promise_id == promise_id for one in file.promises):
            return
        if broken >= limits.broken_before_person:
            raise BadField(field="amount", reason="needs_person")
        if due_on > latest_promise(portfolio, draft.today):
            raise BadField(field="day", reason="too_far", most=limits.most_days)
        grace_on = last_day_of(portfolio, due_on)
        draft.promise(promise_id, amount_minor, due_on, channel=SELF_PAY, grace_on=grace_on)

    desk.change(do)


def report_payment(
    desk: Desk, *, amount_minor: int, paid_on: date, reference: str, shown: str
) -> str:
    """
    Take the debtor's word that they paid: reminders pause, and a person looks for the money.

    The pause is the portfolio's, and not again and again: see ``holds.may_pause``.

    Args:
        shown: What was paid and when, as a person reads it on the case.

    Returns:
        The id of what was reported, to put a photo beside it.

    Raises:
        BadField: Paid in the future, or nothing.
    """
    if amount_minor <= 0:
        raise BadField(field="amount", reason="not_positive")
    said = " · ".join(part for part in (shown, reference.strip()[:MOST_REFERENCE]) if part)

    def check(draft: Draft) -> None:
        if paid_on > draft.today:
            raise BadField(field="day", reason="in_the_future")

    return _tell(
        desk,
        check,
        source=ReportedSource.SELF_PAY,
        amount_minor=amount_minor,
        paid_on=paid_on,
        reference=reference,
        note=said,
    )


def cannot_pay(desk: Desk, *, wish: str, words: str) -> None:
    """Let a person know that the debtor cannot pay now, and what would help, in their words."""

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        if _told(file, desk, "cannot_pay"):
            return
        said = " · ".join(part for part in (wish, words.strip()[:MOST_WORDS]) if part)
        if said:
            draft.note(said, note_id=desk.id_of("not"))
        _ask(draft, desk, "cannot_pay")

    desk.change(do)


def says_paid(
    desk: Desk, *, words: str, amount_minor: int | None = None, paid_on: date | None = None
) -> str:
    """Take the word of who says in the chat that they paid; the id of what was reported."""
    return _tell(
        desk,
        lambda _: None,
        source=ReportedSource.CHAT,
        amount_minor=amount_minor,
        paid_on=paid_on,
        words=words,
    )


def wants_person(desk: Desk, *, words: str) -> None:
    """Let people know that the debtor wants one of them."""

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        if _told(file, desk, "wants_person"):
            return
        said = words.strip()[:MOST_WORDS]
        if said:
            draft.note(said, note_id=desk.id_of("not"))
        _ask(draft, desk, "wants_person")

    desk.change(do)


def says_to_person(desk: Desk, *, words: str, conversation_id: str) -> None:
    """Note on the timeline what the debtor says to the person who answers them."""

    def do(draft: Draft, *_: object) -> None:
        said = words.strip()[:MOST_WORDS]
        draft.chatted("said", said, conversation_id=conversation_id, message_id=desk.id_of("msg"))

    desk.change(do)


def add_contacts(desk: Desk, points: Collection[tuple[ContactKind, str]]) -> None:
    """
    Put new phones (E.164) and e-mails on the case, as the debtor's own.

    Raises:
        BadField: The case has too many already.
    """

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        known = {(one.kind, one.value) for one in file.contacts}
        if len(known | set(points)) > max(MOST_CONTACTS, len(known)):
            raise BadField(field="phone", reason="too_many", most=MOST_CONTACTS)
        for kind, value in points:
            draft.put_contact(kind, value, party="debtor", source=SELF_PAY)

    desk.change(do)


def not_mine(desk: Desk, contact_id: str) -> None:
    """
    Note that a phone or e-mail is no longer the debtor's: nobody is written to there again.

    Raises:
        ContactNotFound: Not of this case, or not shown to its debtor.
    """

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        if all(one.contact_id != contact_id or one.party != "debtor" for one in file.contacts):
            raise ContactNotFound(contact_id=contact_id)
        draft.mark_contact(contact_id, quality="wrong_person")

    desk.change(do)


def choose(
    desk: Desk,
    *,
    allowed: Collection[Channel],
    shown: Collection[Channel],
    language: str,
    wish: ContactWish | None = None,
) -> None:
    """
    Keep by which channels, when and in which language the debtor wants to be written to.

    What waits to go by a channel that is refused is taken back with it; what waits to go in an
    hour that is not wanted waits for one that is.

    Args:
        shown: The channels that were asked about; others stay as they are.
        wish: Hours and days; None where they were not asked about.
    """

    def do(draft: Draft, *_: object) -> None:
        for channel in shown:
            wanted = ConsentState.GIVEN if channel in allowed else ConsentState.REFUSED
            known = draft.consent_to(ANY, channel)
            if known is None and wanted is ConsentState.GIVEN:
                continue  # nobody had refused it: what allowed it before still does
            draft.consent(wanted, channel=channel, source=SELF_PAY)
        if language in LANGUAGES:
            draft.set_language(language)
        if wish is not None:
            draft.wish_for(wish)

    desk.change(do)


def _tell(
    desk: Desk, check: Callable[[Draft], None], *, source: ReportedSource, **said: Any
) -> str:
    """Take the debtor's word that they paid, see ``payment_tellings``."""
    reported_id = ""
    telling = payment_tellings.Telling(
        key=(desk.case_id, desk.key),
        source=source,
        cause=Cause(kind=SELF_PAY, by=desk.by),
        at=desk.now,
        by=desk.by,
        **said,
    )

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        nonlocal reported_id
        check(draft)
        reported_id = payment_tellings.take(draft, file, telling)

    desk.change(do)
    return reported_id


def _ask(draft: Draft, desk: Desk, what: str) -> None:
    """Ask people to look at it today."""
    draft.ask(
        Task(
            task_id=desk.id_of("tsk", what),
            kind=TaskKind.REVIEW,
            state=TaskState.OPEN,
            cause=Cause(kind=SELF_PAY, step=what, by=desk.by),
            due_on=draft.today,
            created_at=desk.now,
        )
    )


def _told(file: CaseFile, desk: Desk, what: str) -> bool:
    return any(one.task_id == desk.id_of("tsk", what) for one in file.tasks)
