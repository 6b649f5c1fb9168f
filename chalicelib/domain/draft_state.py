"""A case being changed: what a draft holds. See ``domain.draft``."""

import os
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any, Self

from chalicelib.domain import agreements, holds
from chalicelib.domain.agreements import Agreement
from chalicelib.domain.assignment import Assignment
from chalicelib.domain.book import Book
from chalicelib.domain.case import (
    Address,
    CaseFile,
    CaseHead,
    CaseStatus,
    ContactPoint,
    Debt,
    PromiseState,
    PromiseToPay,
)
from chalicelib.domain.cash import Written
from chalicelib.domain.checkout import Checkout
from chalicelib.domain.contact import Attempt, Consent, Hold
from chalicelib.domain.credit import credited_to
from chalicelib.domain.creditor_paper import CreditorPaper
from chalicelib.domain.days import local_day
from chalicelib.domain.dispute import Dispute
from chalicelib.domain.document import IssuedDocument
from chalicelib.domain.errors import (
    CaseVoid,
)
from chalicelib.domain.ids import case_id as case_id_of
from chalicelib.domain.ledger import Balance, Entry
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.received import Received
from chalicelib.domain.reported import Reported
from chalicelib.domain.standing import Standings
from chalicelib.domain.task import Task
from chalicelib.domain.timeline import ChainHead, Event
from chalicelib.domain.visit import Mark, Visit


class DraftState:
    """
    A case being changed.

    Args:
        file: The case as read, or None for one that does not exist yet (use ``Draft.new``).
        actor: ``user:<id>``, ``upload:<id>``, ``service:<id>`` or ``system``.
        now: UTC; the day is the portfolio's own.
        salt: Where the timeline's salts come from.

    Raises:
        CaseVoid: From every method that adds to a void case, but ``restore``.
    """

    _put_marks: tuple[Mark, ...] = ()
    _gone_marks: tuple[Mark, ...] = ()
    _forgot: bool = False  # rows were emptied without a word on the timeline
    _put_cash: tuple[Written, ...] = ()
    _gone_contacts: list[str]
    _gone_addresses: list[str]
    _agenda: tuple[date | None] | None = None  # the day asked for, if one was
    _within: dict[str, Any] | None = None  # what every event says beside its own facts

    def __init__(
        self,
        file: CaseFile,
        portfolio: Portfolio,
        *,
        actor: str,
        now: datetime,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._before: CaseHead | None = file.head
        self._head = file.head
        self._portfolio = portfolio
        self._actor = actor
        self._now = now
        self._salt = salt
        self._events = file.events
        self._contacts = {point.contact_id: point for point in file.contacts}
        self._addresses = {address.address_id: address for address in file.addresses}
        self._promises = {promise.promise_id: promise for promise in file.promises}
        self._attempts = {attempt.attempt_id: attempt for attempt in file.attempts}
        self._file_attempts = dict(self._attempts)
        self._consents = {consent.consent_id: consent for consent in file.consents}
        self._holds = {hold.hold_id: hold for hold in file.holds}
        self._tasks = {task.task_id: task for task in file.tasks}
        self._assignments = {one.assignment_id: one for one in file.assignments}
        self._visits = {visit.visit_id: visit for visit in file.visits}
        self._file_visits = dict(self._visits)
        self._documents = {one.document_id: one for one in file.documents}
        self._disputes = {one.dispute_id: one for one in file.disputes}
        self._file_disputes = dict(self._disputes)
        self._file_promises = dict(self._promises)
        self._agreements = {one.agreement_id: one for one in file.agreements}
        self._file_agreements = dict(self._agreements)
        self._checkouts = {one.checkout_id: one for one in file.checkouts}
        self._received = {one.received_id: one for one in file.received}
        self._reported = {one.reported_id: one for one in file.reported}
        self._papers = {one.paper_id: one for one in file.papers}
        self._book = Book(
            portfolio.portfolio_id,
            portfolio.policies,
            file.debts,
            file.entries,
            actor=actor,
            now=now,
        )
        self._standings = Standings(self._book)
        self._put_debts: dict[str, Debt] = {}
        self._put_contacts: dict[str, ContactPoint] = {}
        self._put_addresses: dict[str, Address] = {}
        self._put_promises: dict[str, PromiseToPay] = {}
        self._put_attempts: dict[str, Attempt] = {}
        self._put_consents: dict[str, Consent] = {}
        self._put_holds: dict[str, Hold] = {}
        self._put_tasks: dict[str, Task] = {}
        self._put_assignments: dict[str, Assignment] = {}
        self._put_visits: dict[str, Visit] = {}
        self._put_documents: dict[str, IssuedDocument] = {}
        self._put_disputes: dict[str, Dispute] = {}
        self._put_agreements: dict[str, Agreement] = {}
        self._put_checkouts: dict[str, Checkout] = {}
        self._put_received: dict[str, Received] = {}
        self._put_erased: dict[int, Event] = {}
        self._put_reported: dict[str, Reported] = {}
        self._put_papers: dict[str, CreditorPaper] = {}
        self._gone_contacts, self._gone_addresses = [], []
        self._told: list[tuple[str, dict[str, Any], dict[str, str]]] = []

    @classmethod
    def new(
        cls,
        portfolio: Portfolio,
        debtor_key: str,
        *,
        name: str,
        tax_id: str = "",
        city: str = "",
        key_kept: bool = True,
        upload_id: str | None = None,
        actor: str,
        now: datetime,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> Self:
        """
        Start the case of a debtor that the portfolio does not have yet.

        Safe to repeat: the case id comes from portfolio and key, so a second commit meets the
        first and is refused with ``CaseMoved``.

        Args:
            debtor_key: The creditor's id of the debtor, or a key made from tax id or name.
            key_kept: False where the key says what the person had erased: only the id is made
                of it then.
            upload_id: The upload that creates it, when one does.
        """
        head = CaseHead(
            case_id=case_id_of(portfolio.portfolio_id, debtor_key),
            portfolio_id=portfolio.portfolio_id,
            currency=portfolio.currency,
            debtor_key=debtor_key if key_kept else "",
            name=name,
            tax_id=tax_id,
            status=CaseStatus.OPEN,
            balance_minor=0,
            oldest_due_on=None,
            due_buckets={},
            due_debts={},
            city=city,
            tags=(),
            debts=0,
            version=0,
            chain=ChainHead(),
            created_at=now,
            updated_at=now,
            created_by_upload=upload_id,
        )
        empty = CaseFile(
            head=head, debts=(), contacts=(), addresses=(), entries=(), promises=(), events=()
        )
        draft = cls(empty, portfolio, actor=actor, now=now, salt=salt)
        draft._before = None
        personal = {"name": name}
        if tax_id:
            personal["tax_id"] = tax_id
        facts = {"upload_id": upload_id} if upload_id else {}
        draft._tell("case.created", facts, personal)
        return draft

    # Reading

    @property
    def case_id(self) -> str:
        return self._head.case_id

    @property
    def nameless(self) -> bool:
        """Say whether the case tells nobody, because its person had that erased."""
        return bool(self._head.erased) and not self._head.name

    @property
    def actor(self) -> str:
        return self._actor

    @property
    def portfolio(self) -> Portfolio:
        return self._portfolio

    @property
    def today(self) -> date:
        return local_day(self._now, self._portfolio.time_zone)

    @property
    def items(self) -> int:
        """
        About how many rows the change will write: keep a change under 80 and split beyond.

        A transaction holds 100; the rest is for the counters.
        """
        return (
            8  # head, name tokens and their like
            + len(self._put_debts)
            + len(self._put_contacts)
            + len(self._put_addresses)
            + len(self._put_promises)
            + len(self._put_attempts)
            + len(self._put_consents)
            + len(self._put_holds)
            + len(self._put_tasks)
            + len(self._put_assignments)
            + len(self._put_visits)
            + len(self._put_documents)
            + len(self._put_disputes)
            + len(self._put_agreements)
            + len(self._put_checkouts)
            + len(self._put_received)
            + len(self._put_erased)
            + len(self._put_reported)
            + len(self._put_papers)
            + len(self._put_marks)
            + 4 * len(self._put_cash)
            + len(self._gone_contacts)
            + len(self._gone_addresses)
            + 2 * len(self._book.added)
            + len(self._told)
        )

    @property
    def tags(self) -> tuple[str, ...]:
        return self._head.tags

    @property
    def events(self) -> Sequence[Event]:
        """The timeline as it was, without what this draft adds."""
        return self._events

    @property
    def debts(self) -> Collection[Debt]:
        return self._book.debts.values()

    def entries(self, debt_id: str | None = None) -> Sequence[Entry]:
        """The ledger so far, of one debt or of all."""
        return self._book.entries(debt_id)

    def debt(self, debt_id: str) -> Debt | None:
        return self._book.debts.get(debt_id)

    def balance(self, debt_id: str) -> Balance:
        return self._book.balance(debt_id)

    def payment(self, source: str, reference: str) -> tuple[Entry, ...]:
        """The entries of a payment this case has under the key; empty when it has none."""
        return self._book.payment(source, reference)

    def look_again_on(self, day: date | None) -> None:
        """
        Say when the plan must look at the case next, it having been looked at now.

        Without this, a change of what the plan depends on puts the case on today's agenda.
        """
        self._agenda = (day,)

    def within(self, **facts: Any) -> None:
        """Have every event say this too: the job of many cases that a change is part of."""
        self._within = facts

    # Private

    def _alive(self) -> None:
        if self._head.status is CaseStatus.VOID:
            raise CaseVoid(merged_into=self._head.merged_into)

    def _tell(self, kind: str, facts: dict[str, Any], personal: dict[str, str]) -> None:
        self._told.append((kind, facts | (self._within or {}), personal))

    def _credited(self, on: date) -> str:
        """Whose work a payment of a day is; empty = nobody's."""
        return credited_to(
            on,
            promises=self._promises.values(),
            agreements=self._agreements.values(),
            attempts=self._attempts.values(),
            visits=self._visits.values(),
            time_zone=self._portfolio.time_zone,
        )

    def _moved_debts(self) -> set[str]:
        return {*self._put_debts, *(e.debt_id for e in self._book.added)}

    def _standing(self) -> tuple[CaseStatus, date | None]:
        """The case's status and oldest due date, as what was done so far makes them."""
        oldest = self._standings.now(self._moved_debts()).oldest_due_on
        return self._status(oldest), oldest

    def _status(self, oldest_due_on: date | None) -> CaseStatus:
        if self._head.status is CaseStatus.VOID:
            return CaseStatus.VOID
        if oldest_due_on is None:
            return CaseStatus.SETTLED
        today = self.today
        if holds.stopping(self._holds.values(), today, self._standings.owing):
            return CaseStatus.HELD
        promised = any(p.state is PromiseState.OPEN for p in self._promises.values())
        promised = promised or agreements.in_force(self._agreements.values()) is not None
        return CaseStatus.PROMISED if promised else CaseStatus.OPEN
