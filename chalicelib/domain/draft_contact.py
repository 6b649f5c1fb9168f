"""What contact does to a case: attempts on their way, consents, holds, whose number it is."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    Consent,
    ConsentState,
    Content,
    Hold,
    HoldReason,
    Ruling,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_work import DraftWork
from chalicelib.domain.errors import BadField, ContactNotFound, HoldNotFound
from chalicelib.domain.ids import derived_id

# Where an attempt may go from where it is; everything else is late news and changes nothing.
MOVES: dict[AttemptState, frozenset[AttemptState]] = {
    AttemptState.PLANNED: frozenset(
        {
            AttemptState.PLANNED,
            AttemptState.RESERVED,
            AttemptState.WITHDRAWN,
            AttemptState.DENIED,
            AttemptState.FAILED,
        }
    ),
    AttemptState.RESERVED: frozenset(
        {
            AttemptState.PLANNED,
            AttemptState.SENT,
            AttemptState.DELIVERED,
            AttemptState.READ,
            AttemptState.FAILED,
        }
    ),
    AttemptState.SENT: frozenset(
        {AttemptState.DELIVERED, AttemptState.READ, AttemptState.FAILED, AttemptState.DONE}
    ),
    AttemptState.DELIVERED: frozenset({AttemptState.READ, AttemptState.FAILED, AttemptState.DONE}),
    AttemptState.READ: frozenset({AttemptState.DONE}),
}
GONE_OUT = frozenset({AttemptState.SENT, AttemptState.DELIVERED, AttemptState.READ})
ANY = "*"
# Answers to what the debtor asked for are no collection: a hold does not take them back.
ANSWERS = frozenset({"reply", "receipt"})


class DraftContact(DraftWork):
    """A draft on which contact is recorded; see ``domain.draft``."""

    # Attempts

    def attempt(self, attempt_id: str) -> Attempt | None:
        return self._attempts.get(attempt_id)

    def plan(self, attempt: Attempt) -> bool:
        """
        Put a message, made ready by its planner, in the outbox.

        Says whether it was new: the same cause gives the same id, and goes out once.
        """
        self._alive()
        if attempt.attempt_id in self._attempts:
            return False
        moment = {"not_before": _text(attempt.not_before)}
        self._keep(attempt, "attempt.planned", _cause(attempt.cause) | moment)
        return True

    def postpone(self, attempt_id: str, until: datetime, ruling: Ruling | None = None) -> bool:
        """Let a planned attempt wait for a later moment, with the decision that asks for it."""
        return self._go(
            attempt_id,
            AttemptState.PLANNED,
            "attempt.postponed",
            {"until": _text(until)},
            not_before=until,
            ruling=ruling,
        )

    def reserve(
        self, attempt_id: str, *, ruling: Ruling, content: Content, contact_id: str, party: str
    ) -> bool:
        """
        Take a planned attempt's place under the caps, right before it is handed over.

        What it says is sealed here. Says whether it was still planned.
        """
        return self._go(
            attempt_id,
            AttemptState.RESERVED,
            "attempt.reserved",
            {"template": content.template, "language": content.language},
            said=content,
            ruling=ruling,
            content=content,
            contact_id=contact_id,
            party=party,
        )

    def sent(
        self,
        attempt_id: str,
        *,
        provider: str,
        provider_id: str,
        cost_micros: int = 0,
        cost_currency: str = "",
        at: datetime | None = None,
    ) -> bool:
        """
        Note that a provider took a reserved attempt.

        The provider's own event may have come first: then only what it costs is news.
        """
        facts = {"provider": provider, "provider_id": provider_id}
        if cost_micros:
            facts |= {"cost_micros": str(cost_micros), "cost_currency": cost_currency}
        known = self._attempts.get(attempt_id)
        if known is not None and known.state in GONE_OUT:
            if known.cost_micros or not cost_micros:
                return False
            known = replace(known, cost_micros=cost_micros, cost_currency=cost_currency)
            self._keep(known, "attempt.sent", facts)
            return True
        return self._go(
            attempt_id,
            AttemptState.SENT,
            "attempt.sent",
            facts,
            provider=provider,
            provider_id=provider_id,
            cost_micros=cost_micros,
            cost_currency=cost_currency,
            sent_at=at or self._now,
        )

    def failed(self, attempt_id: str, problem: str, *, retry_at: datetime | None = None) -> bool:
        """
        Note that an attempt did not reach anybody, which frees its place under the caps.

        Args:
            problem: Stable code, as of ``contact.NotSent``.
            retry_at: When the same message may go again; only where it surely did not go.
        """
        if retry_at is not None:
            return self._go(
                attempt_id,
                AttemptState.PLANNED,
                "attempt.failed",
                {"problem": problem, "retry_at": _text(retry_at)},
                not_before=retry_at,
                problem=problem,
            )
        return self._go(
            attempt_id,
            AttemptState.FAILED,
            "attempt.failed",
            {"problem": problem},
            problem=problem,
            ended_at=self._now,
        )

    def withdraw(self, attempt_id: str, problem: str) -> bool:
        """Take back an attempt that has not gone, for it is no longer wanted."""
        return self._go(
            attempt_id,
            AttemptState.WITHDRAWN,
            "attempt.withdrawn",
            {"problem": problem},
            problem=problem,
            ended_at=self._now,
        )

    def deny(self, attempt_id: str, ruling: Ruling) -> bool:
        """Give up an attempt that may never go."""
        return self._go(
            attempt_id,
            AttemptState.DENIED,
            "attempt.denied",
            {},
            ruling=ruling,
            problem=ruling.reason_code,
            ended_at=self._now,
        )

    def arrived(self, attempt_id: str, state: AttemptState, at: datetime) -> bool:
        """
        Note what a provider tells of a sent attempt: DELIVERED or READ.

        News may come twice, late or in any order: only what goes forward changes anything.
        """
        when = "read_at" if state is AttemptState.READ else "delivered_at"
        known = self._attempts.get(attempt_id)
        more: dict[str, Any] = (
            {"sent_at": at} if known is not None and known.sent_at is None else {}
        )
        return self._go(
            attempt_id, state, f"attempt.{state.value}", {"at": _text(at)}, **({when: at} | more)
        )

    def posted(self, attempt_id: str, tracking: str) -> bool:
        """Note the post's number of a letter that went; says whether it is news."""
        known = self._attempts.get(attempt_id)
        if known is None or known.state not in GONE_OUT or known.tracking == tracking:
            return False
        self._keep(replace(known, tracking=tracking), "attempt.posted", {"tracking": tracking})
        return True

    def receive(self, attempt: Attempt) -> bool:
        """Record what came in; one with an id that is there already changes nothing."""
        return self._record(attempt, "attempt.received")

    def record(self, attempt: Attempt) -> bool:
        """Record an attempt that a person made (DONE), or that went out beside the outbox."""
        return self._record(attempt, f"attempt.{attempt.state.value}")

    # Consents

    def consent_to(self, contact_id: str, channel: Channel) -> Consent | None:
        """The word that counts for a contact point on a channel."""
        return standing_word(self._consents.values(), contact_id, channel)

    def consent(
        self,
        state: ConsentState,
        *,
        contact_id: str = ANY,
        channel: Channel | None = None,
        source: str,
        words: str = "",
    ) -> bool:
        """
        Record that contact was allowed or refused; a refusal also stops what waits to go.

        Args:
            contact_id: The contact point or address; ``*`` for all of them.
            channel: None for all of them.
            words: What was said, where it was words.
        """
        self._alive()
        given = Consent(
            consent_id=f"{contact_id}:{channel.value if channel else ANY}",
            contact_id=contact_id,
            channel=channel,
            state=state,
            source=source,
            at=self._now,
            by=self._actor,
            words=words,
        )
        known = self._consents.get(given.consent_id)
        narrower_or_newer = (
            other.at > known.at and other.consent_id != known.consent_id and _meets(other, given)
            for other in self._consents.values()
            if known is not None
        )
        if known is not None and known.state is state and not any(narrower_or_newer):
            return False
        self._consents[given.consent_id] = self._put_consents[given.consent_id] = given
        facts = {
            "contact_id": contact_id,
            "channel": channel.value if channel else ANY,
            "source": source,
        }
        self._tell(f"consent.{state.value}", facts, {"words": words} if words else {})
        if state is ConsentState.REFUSED:
            self._withdraw_where(
                "opted_out",
                lambda waiting: (
                    (word := self.consent_to(waiting.contact_id, waiting.channel)) is not None
                    and word.state is ConsentState.REFUSED
                ),
            )
        return True

    def mark_contact(self, contact_id: str, *, quality: str = "", party: str = "") -> bool:
        """
        Say what was found out of a contact point: a wrong person, a minor, a number out of use.

        What waits to go there is taken back unless the point is still the debtor's.

        Raises:
            ContactNotFound: No such point in this case.
        """
        self._alive()
        point = self._contacts.get(contact_id)
        if point is None:
            raise ContactNotFound(contact_id=contact_id)
        marked = replace(point, quality=quality or point.quality, party=party or point.party)
        if marked == point:
            return False
        self._contacts[contact_id] = self._put_contacts[contact_id] = marked
        facts = {
            "contact_id": contact_id,
            "kind": point.kind.value,
            "party": marked.party,
            "quality": marked.quality,
        }
        self._tell("contact.changed", facts, {"value": point.value})
        if marked.quality in UNUSABLE or marked.party != point.party:
            self._withdraw_where(
                "contact_unusable", lambda waiting: waiting.contact_id == contact_id
            )
        return True

    # Holds

    def hold(
        self,
        hold_id: str,
        reason: HoldReason,
        *,
        since: date | None = None,
        until: date | None = None,
        note: str = "",
    ) -> bool:
        """
        Stop collection for a reason; what would go during the hold is taken back.

        Says whether it was new.

        Raises:
            BadField: It would end before it begins or before today.
        """
        self._alive()
        if hold_id in self._holds:
            return False
        since = since or self.today
        if until is not None and (until < since or until < self.today):
            raise BadField(field="until", reason="in_the_past")
        placed = Hold(
            hold_id=hold_id,
            reason=reason,
            since=since,
            until=until,
            placed_at=self._now,
            placed_by=self._actor,
            note=note,
        )
        self._holds[hold_id] = self._put_holds[hold_id] = placed
        facts = {
            "hold_id": hold_id,
            "reason": reason.value,
            "since": since.isoformat(),
            "until": until.isoformat() if until else None,
        }
        self._tell("hold.placed", facts, {"note": note} if note else {})
        self._withdraw_where(
            "on_hold",
            lambda waiting: (
                waiting.cause.kind not in ANSWERS and placed.active_on(self._day_of(waiting))
            ),
        )
        return True

    def lift(self, hold_id: str) -> bool:
        """
        End a hold before its time. Safe to repeat.

        Raises:
            HoldNotFound: No such hold in this case.
        """
        self._alive()
        known = self._holds.get(hold_id)
        if known is None:
            raise HoldNotFound(hold_id=hold_id)
        if known.lifted_at is not None or known.ended_at is not None:
            return False
        self._holds[hold_id] = self._put_holds[hold_id] = replace(known, lifted_at=self._now)
        self._tell("hold.lifted", {"hold_id": hold_id, "reason": known.reason.value}, {})
        return True

    def end_holds(self) -> bool:
        """Note the end of every hold whose last day is over; says whether there was one."""
        ended = [
            hold
            for hold in self._holds.values()
            if hold.until is not None
            and hold.until < self.today
            and hold.lifted_at is None
            and hold.ended_at is None
        ]
        for hold in ended:
            self._holds[hold.hold_id] = self._put_holds[hold.hold_id] = replace(
                hold, ended_at=self._now
            )
            self._tell("hold.ended", {"hold_id": hold.hold_id, "reason": hold.reason.value}, {})
        return bool(ended)

    # Private

    def _pass_on(self, into: "DraftContact") -> None:
        """Give what was refused, allowed or held to the case this one is merged into."""
        for waiting in list(self._attempts.values()):
            self.withdraw(waiting.attempt_id, "merged")
        for word in self._consents.values():
            point = self._contacts.get(word.contact_id)
            there = word.contact_id
            if point is not None:
                there = derived_id("con", into.case_id, point.kind.value, point.value)
            key = f"{there}:{word.channel.value if word.channel else ANY}"
            known = into._consents.get(key)
            if known is None or known.at < word.at:
                same = replace(word, consent_id=key, contact_id=there)
                into._consents[key] = into._put_consents[key] = same
        for hold in self._holds.values():
            if hold.hold_id not in into._holds:
                into._holds[hold.hold_id] = into._put_holds[hold.hold_id] = hold

    def _day_of(self, waiting: Attempt) -> date:
        at = max(waiting.not_before or self._now, self._now)
        return local_day(at, self._portfolio.time_zone)

    def _withdraw_where(self, problem: str, stopped: Callable[[Attempt], bool]) -> None:
        for waiting in list(self._attempts.values()):
            if waiting.state is AttemptState.PLANNED and stopped(waiting):
                self.withdraw(waiting.attempt_id, problem)

    def _record(self, attempt: Attempt, kind: str) -> bool:
        self._alive()
        if attempt.attempt_id in self._attempts:
            return False
        outcome = {"outcome": attempt.outcome} if attempt.outcome else {}
        self._keep(attempt, kind, _cause(attempt.cause) | outcome, attempt.content)
        return True

    def _go(
        self,
        attempt_id: str,
        state: AttemptState,
        kind: str,
        facts: dict[str, Any],
        *,
        said: Content | None = None,
        **values: Any,
    ) -> bool:
        known = self._attempts.get(attempt_id)
        if known is None or state not in MOVES.get(known.state, ()):
            return False
        if values.get("ruling", ...) is None:
            del values["ruling"]  # the last decision stands
        self._keep(replace(known, state=state, **values), kind, facts, said)
        return True

    def _keep(
        self, attempt: Attempt, kind: str, facts: dict[str, Any], said: Content | None = None
    ) -> None:
        self._attempts[attempt.attempt_id] = self._put_attempts[attempt.attempt_id] = attempt
        told: dict[str, Any] = {
            "attempt_id": attempt.attempt_id,
            "channel": attempt.channel.value,
            "direction": attempt.direction.value,
        }
        if attempt.contact_id:
            told["contact_id"] = attempt.contact_id
        if attempt.ruling is not None and kind in RULED:
            told |= {
                "reason_code": attempt.ruling.reason_code,
                "article": attempt.ruling.article,
                "rules": attempt.ruling.rules,
            }
        self._tell(kind, told | facts, _personal(said))


# Qualities of a point at which nobody is to be written to.
UNUSABLE = frozenset({"invalid", "wrong_person"})
RULED = frozenset({"attempt.postponed", "attempt.reserved", "attempt.denied", "attempt.done"})


def standing_word(consents: Iterable[Consent], contact_id: str, channel: Channel) -> Consent | None:
    """
    Give the newest word that meets a contact point and channel; a refusal wins a draw.

    >>> standing_word((), "con_1", Channel.SMS) is None
    True
    """
    met = [
        word
        for word in consents
        if word.contact_id in (contact_id, ANY) and word.channel in (channel, None)
    ]
    return max(met, key=lambda w: (w.at, w.state is ConsentState.REFUSED), default=None)


def _meets(one: Consent, other: Consent) -> bool:
    """Say whether two words speak of something in common."""
    points = {one.contact_id, other.contact_id}
    channels = {one.channel, other.channel}
    return (len(points) == 1 or ANY in points) and (len(channels) == 1 or None in channels)


def _cause(cause: Cause) -> dict[str, Any]:
    facts = {
        "cause": cause.kind,
        "strategy": cause.strategy,
        "step": cause.step,
        "variant": cause.variant,
        "anchor": cause.anchor.isoformat() if cause.anchor else "",
    }
    return {name: value for name, value in facts.items() if value}


def _personal(said: Content | None) -> dict[str, str]:
    if said is None:
        return {}
    named = {"to": said.to, "subject": said.subject, "text": said.text}
    return {name: value for name, value in named.items() if value}


def _text(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()
