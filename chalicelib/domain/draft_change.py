"""The change that a draft becomes: its rows, its events chained, the head they make."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chalicelib.domain import agreement_sums, counters, effort, reliability, timeline
from chalicelib.domain.case import (
    ON_THE_MAP,
    Address,
    CaseChange,
    CaseHead,
    CaseStatus,
    PromiseToPay,
)
from chalicelib.domain.charge_off import in_force
from chalicelib.domain.coverage import contacted_on
from chalicelib.domain.dispute import Dispute
from chalicelib.domain.draft_state import DraftState
from chalicelib.domain.ledger import Entry
from chalicelib.domain.quick import replaced
from chalicelib.domain.timeline import ChainHead, Event
from chalicelib.domain.unspent import unspent

# What strategies read of a head; ``strategies.facts`` reads the rest from the case's rows.
_PLANNED_BY = (
    "status", "balance_minor", "due_buckets", "oldest_due_on", "city", "tags", "strategy",
)  # fmt: skip


class DraftChange(DraftState):
    """A draft that knows what is to be committed of it, and goes on once it was."""

    def change(self) -> CaseChange | None:
        """
        Give what is to be committed; None when nothing was done.

        Does not alter the draft: asking twice gives the same change but for the salts.
        """
        self._withdraw_unwanted()
        touched = (
            self._told
            or self._put_debts
            or self._put_contacts
            or self._put_addresses
            or self._put_attempts
            or self._put_assignments
            or self._put_checkouts
            or self._put_received
            or self._put_agreements
            or self._forgot
        )
        if not touched and self._head == self._before:
            if self._agenda is None or self._agenda == (self._head.agenda_on,):
                return None
            # Only the agenda moves: the lists show when a case was changed, and stay as they are.
            head = replace(self._head, version=self._head.version + 1, agenda_on=self._agenda[0])
            return CaseChange(before=self._before, after=head)
        events, chain = self._chained()
        head = self._derived(chain)
        days = counters.flows(self._book.added, self._earlier_payments())
        if self._put_attempts:
            days = counters.joined(days, self._messages())
        if self._put_agreements:
            days = counters.joined(days, self._agreed())
        if self._put_visits:
            days = counters.joined(days, self._visited())
        if self._put_disputes:
            days = counters.joined(days, self._disputed())
        people: dict[str, dict[str, int]] = {}
        if self._put_promises:
            now, then = self._put_promises.values(), self._known_promises()
            days = counters.joined(
                days, counters.moved(reliability.by_day(then), reliability.by_day(now))
            )
            people = counters.moved(reliability.by_person(then), reliability.by_person(now))
        return CaseChange(
            before=self._before,
            after=head,
            debts=tuple(self._put_debts.values()),
            contacts=tuple(self._put_contacts.values()),
            addresses=self._addresses_to_write(head),
            removed_contacts=tuple(self._gone_contacts),
            removed_addresses=tuple(self._gone_addresses),
            entries=tuple(self._book.added),
            promises=tuple(self._put_promises.values()),
            attempts=tuple(self._put_attempts.values()),
            consents=tuple(self._put_consents.values()),
            holds=tuple(self._put_holds.values()),
            tasks=tuple(self._put_tasks.values()),
            assignments=tuple(self._put_assignments.values()),
            visits=tuple(self._put_visits.values()),
            documents=tuple(self._put_documents.values()),
            disputes=tuple(self._put_disputes.values()),
            agreements=tuple(self._put_agreements.values()),
            checkouts=tuple(self._put_checkouts.values()),
            received=tuple(self._put_received.values()),
            reported=tuple(self._put_reported.values()),
            papers=tuple(self._put_papers.values()),
            marks=self._put_marks,
            removed_marks=self._gone_marks,
            cash=self._put_cash,
            events=events,
            erased=tuple(self._put_erased.values()),
            counters=counters.moves(self._before, head, days, people, self._effort()),
            unspent=unspent(self._file_attempts, self._put_attempts, self._attempts.values()),
        )

    def go_on(self, change: CaseChange) -> None:
        """
        Start on the next change, *change* having been committed: nothing is read again.

        A case of thousands of debts is written in hundreds of changes; putting it together
        anew for each would take longer the more of them there are.
        """
        self._before = self._head = change.after
        self._events = (*self._events, *change.events)
        self._book.closed()
        self._file_attempts = dict(self._attempts)
        self._file_visits = dict(self._visits)
        self._file_disputes = dict(self._disputes)
        self._file_promises = dict(self._promises)
        self._file_agreements = dict(self._agreements)
        self._put_marks = self._gone_marks = ()
        self._forgot = False
        self._put_cash = ()
        for put in (
            self._put_debts,
            self._put_contacts,
            self._put_addresses,
            self._put_promises,
            self._put_attempts,
            self._put_consents,
            self._put_holds,
            self._put_tasks,
            self._put_assignments,
            self._put_visits,
            self._put_documents,
            self._put_disputes,
            self._put_agreements,
            self._put_checkouts,
            self._put_received,
            self._put_erased,
            self._put_reported,
            self._put_papers,
        ):
            put.clear()
        self._gone_contacts.clear()
        self._gone_addresses.clear()
        self._told.clear()
        self._agenda = None

    def _messages(self) -> dict[str, dict[str, int]]:
        """How the counts of messages move by the attempts that were put."""
        zone, known = self._portfolio.time_zone, self._file_attempts
        return counters.moved(
            counters.messages((known[key] for key in self._put_attempts if key in known), zone),
            counters.messages(self._put_attempts.values(), zone),
        )

    def _agreed(self) -> dict[str, dict[str, int]]:
        """How the counts of agreements move by those that were put."""
        zone, known = self._portfolio.time_zone, self._file_agreements
        return counters.moved(
            agreement_sums.by_day(
                (known[key] for key in self._put_agreements if key in known), zone
            ),
            agreement_sums.by_day(self._put_agreements.values(), zone),
        )

    def _visited(self) -> dict[str, dict[str, int]]:
        """How the counts of visits move by those that were put."""
        zone, known = self._portfolio.time_zone, self._file_visits
        return counters.moved(
            counters.visits((known[key] for key in self._put_visits if key in known), zone),
            counters.visits(self._put_visits.values(), zone),
        )

    def _effort(self) -> effort.Sums:
        """How the counts of what people did move by what was put and posted."""
        zone, several = self._portfolio.time_zone, [effort.of_entries(self._book.added)]
        if self._put_attempts:
            known = self._file_attempts
            then = [known[key] for key in self._put_attempts if key in known]
            now = effort.of_attempts(self._put_attempts.values(), zone)
            several.append(counters.moved(effort.of_attempts(then, zone), now))
        if self._put_visits:
            made = self._file_visits
            before = [made[key] for key in self._put_visits if key in made]
            visits = effort.of_visits(self._put_visits.values(), zone)
            several.append(counters.moved(effort.of_visits(before, zone), visits))
        if self._put_promises:
            agreed = effort.of_promises(self._put_promises.values(), zone)
            promised = effort.of_promises(self._known_promises(), zone)
            several.append(counters.moved(promised, agreed))
        return counters.joined(*several)

    def _touched_on(self) -> date | None:
        """The last day on which somebody reached out to the debtor, with what was put."""
        last = self._head.touched_on
        if not self._put_attempts and not self._put_visits:
            return last
        found = contacted_on(
            self._put_attempts.values(), self._put_visits.values(), self._portfolio.time_zone
        )
        return found if last is None else max(last, found or last)

    def _known_promises(self) -> list[PromiseToPay]:
        known = self._file_promises
        return [known[key] for key in self._put_promises if key in known]

    def _disputed(self) -> dict[str, dict[str, int]]:
        """How the counts of disputes move by those that were put."""
        zone, known = self._portfolio.time_zone, self._file_disputes
        return counters.moved(
            counters.disputes((known[key] for key in self._put_disputes if key in known), zone),
            counters.disputes(self._put_disputes.values(), zone),
        )

    def _earlier_payments(self) -> Iterable[Entry]:
        if any(entry.reverses for entry in self._book.added):
            return self._book.entries()
        return ()

    def _chained(self) -> tuple[tuple[Event, ...], ChainHead]:
        told = _told_at_once(self._told) if self._before is None else self._told
        chain = self._head.chain
        events = []
        for kind, facts, personal in told:
            event = timeline.append(
                chain,
                kind,
                at=self._now,
                actor=self._actor,
                facts=facts,
                personal=personal,
                salt=self._salt,
            )
            events.append(event)
            chain = timeline.head_after(event)
        return tuple(events), chain

    def _derived(self, chain: ChainHead) -> CaseHead:
        now = self._standings.now(self._moved_debts())
        live = [one for one in self._disputes.values() if one.live]
        charged_off = self._charged_off()
        status = self._status(now.oldest_due_on)
        head = replaced(
            self._head,
            status=status,
            counted_for=counters.counts_for(self._head.owner, status),
            balance_minor=now.balance_minor,
            oldest_due_on=now.oldest_due_on,
            due_buckets=now.due_buckets,
            due_debts=now.due_debts,
            debts=now.debts,
            disputes=len(live),
            disputed_minor=self._disputed_minor(live),
            touched_on=self._touched_on(),
            charged_off=len(charged_off),
            charged_off_minor=sum(charged_off),
            version=self._head.version + 1,
            chain=chain,
            updated_at=self._now,
        )
        object.__setattr__(head, "agenda_on", self._agenda_on(head))  # nobody else holds it yet
        return head

    def _charged_off(self) -> list[int]:
        """What each debt owes that is charged off and owes anything."""
        return [
            self._book.balance(debt.debt_id).total_minor
            for debt in self._book.debts.values()
            if debt.charge_offs
            and not debt.void
            and in_force(debt.charge_offs) is not None
            and self._book.oldest_due_on(debt.debt_id) is not None
        ]

    def _disputed_minor(self, live: list[Dispute]) -> int:
        if not live:
            return 0
        return sum(
            max(0, self._book.balance(debt.debt_id).total_minor)
            for debt in self._book.debts.values()
            if not debt.void and any(one.covers(debt.debt_id) for one in live)
        )

    def _withdraw_unwanted(self) -> None:
        """Take back what is no longer wanted; ``domain.draft_field`` says what."""

    def _addresses_to_write(self, head: CaseHead) -> tuple[Address, ...]:
        """
        The changed addresses; all of them when the case begins or ceases to be worth a visit,
        for then they enter or leave the index of places.
        """
        was = self._before
        if was is not None and (was.status in ON_THE_MAP) is not (head.status in ON_THE_MAP):
            return tuple(self._addresses.values())
        return tuple(self._put_addresses.values())

    def _agenda_on(self, now: CaseHead) -> date | None:
        """
        Say on which day the plan must look at the case as it now is.

        It is today's when anything the plan depends on moved, and tomorrow's at the latest when
        somebody turned to the debtor, unless the plan itself says when.
        """
        if now.status in (CaseStatus.SETTLED, CaseStatus.VOID):
            return None
        if self._agenda is not None:
            return self._agenda[0]
        was, day = self._before, now.agenda_on
        moved = (
            was is None
            or self._put_debts
            or self._put_contacts
            or self._gone_contacts
            or self._put_promises
            or self._put_agreements
            or self._put_consents
            or self._put_holds
            or self._put_addresses
            or self._gone_addresses
            or any(getattr(was, name) != getattr(now, name) for name in _PLANNED_BY)
        )
        today = self.today
        if moved:
            return today if day is None or day > today else day
        if was is not None and was.touched_on != now.touched_on:
            # Rules ask for how long nobody turned to it, and that begins anew.
            tomorrow = today + timedelta(days=1)
            return tomorrow if day is None or day > tomorrow else day
        return day


def _told_at_once(
    told: list[tuple[str, dict[str, Any], dict[str, str]]],
) -> list[tuple[str, dict[str, Any], dict[str, str]]]:
    """Fold what a new case starts with into its one first event; the rest follows."""
    kind, facts, personal = told[0]
    debts = [what for name, what, _ in told if name == "debt.added"]
    first = {**facts, "debts": debts} if debts else facts
    folded_in = ("debt.added", "contact.added", "address.added")
    return [(kind, first, personal), *(one for one in told[1:] if one[0] not in folded_in)]
