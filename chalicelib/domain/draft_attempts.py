"""What becomes of messages, calls and visits: every attempt on its way, told as it goes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.contact import Attempt, AttemptState, Cause, Content, Ruling
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_work import DraftWork

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
            AttemptState.DONE,
        }
    ),
    AttemptState.SENT: frozenset(
        {AttemptState.DELIVERED, AttemptState.READ, AttemptState.FAILED, AttemptState.DONE}
    ),
    AttemptState.DELIVERED: frozenset({AttemptState.READ, AttemptState.FAILED, AttemptState.DONE}),
    AttemptState.READ: frozenset({AttemptState.DONE}),
}
GONE_OUT = frozenset({AttemptState.SENT, AttemptState.DELIVERED, AttemptState.READ})
# What tells the decision that was taken.
RULED = frozenset({"attempt.postponed", "attempt.reserved", "attempt.denied", "attempt.done"})


class DraftAttempts(DraftWork):
    """A draft on which attempts are planned, sent and settled; see ``domain.draft``."""

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
        self,
        attempt_id: str,
        *,
        ruling: Ruling,
        content: Content,
        contact_id: str,
        party: str,
        files: Sequence[tuple[str, str]] = (),
    ) -> bool:
        """
        Take a planned attempt's place under the caps, right before it is handed over.

        What it says is sealed here. Says whether it was still planned.

        Args:
            files: (name, SHA-256) of what goes along, as it goes along.
        """
        sealed = [{"name": name, "sha256": digest} for name, digest in files]
        return self._go(
            attempt_id,
            AttemptState.RESERVED,
            "attempt.reserved",
            {"template": content.template, "language": content.language}
            | ({"files": sealed} if sealed else {}),
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

        The provider's own event may have come first: then only what it costs is news. The
        provider's id may hold the number that it went to, as WhatsApp's does: it is personal.
        """
        facts, named = {"provider": provider}, {"provider_id": provider_id}
        if cost_micros:
            facts |= {"cost_micros": str(cost_micros), "cost_currency": cost_currency}
        known = self._attempts.get(attempt_id)
        if known is not None and known.state in GONE_OUT:
            if known.cost_micros or not cost_micros:
                return False
            known = replace(known, cost_micros=cost_micros, cost_currency=cost_currency)
            self._keep(known, "attempt.sent", facts, named)
            return True
        return self._go(
            attempt_id,
            AttemptState.SENT,
            "attempt.sent",
            facts,
            named=named,
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

    def rung(self, attempt_id: str, *, provider: str, provider_id: str) -> bool:
        """Note that a dialer rang for a person's open call; says whether that is news."""
        known = self._attempts.get(attempt_id)
        if known is None or known.state is not AttemptState.RESERVED or known.provider_id:
            return False
        told = replace(known, provider=provider, provider_id=provider_id)
        self._keep(told, "attempt.rung", {"provider": provider, "provider_id": provider_id})
        return True

    def end_call(self, attempt_id: str, *, disposition: str, outcome: str) -> bool:
        """
        Note what a person's call came to; says whether it was open.

        Args:
            outcome: As laws count calls, see ``Attempt.outcome``.
        """
        known = self._attempts.get(attempt_id)
        seconds = 0 if known is None else int((self._now - known.created_at).total_seconds())
        return self._go(
            attempt_id,
            AttemptState.DONE,
            "attempt.done",
            {"cause": "call", "disposition": disposition, "seconds": seconds},
            disposition=disposition,
            outcome=outcome,
            ended_at=self._now,
        )

    # Private

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
        self._keep(attempt, kind, _cause(attempt.cause) | outcome, _personal(attempt.content))
        return True

    def _go(
        self,
        attempt_id: str,
        state: AttemptState,
        kind: str,
        facts: dict[str, Any],
        *,
        said: Content | None = None,
        named: dict[str, str] | None = None,
        **values: Any,
    ) -> bool:
        known = self._attempts.get(attempt_id)
        if known is None or state not in MOVES.get(known.state, ()):
            return False
        if values.get("ruling", ...) is None:
            del values["ruling"]  # the last decision stands
        self._keep(replace(known, state=state, **values), kind, facts, named or _personal(said))
        return True

    def _keep(
        self,
        attempt: Attempt,
        kind: str,
        facts: dict[str, Any],
        personal: dict[str, str] | None = None,
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
        self._tell(kind, told | facts, personal or {})


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
