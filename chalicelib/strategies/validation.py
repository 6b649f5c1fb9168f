"""What makes a strategy or a playbook impossible, told by step and field."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.domain.agreement_policy import AgreementLimits
from chalicelib.domain.contact import Channel
from chalicelib.strategies import rules
from chalicelib.strategies.model import (
    CallBack,
    CaseEvent,
    Playbook,
    Segment,
    Step,
    Strategy,
    Trigger,
    TriggerKind,
)

# Events that are counted from before they happen.
AHEAD = frozenset({CaseEvent.PROMISE_DUE, CaseEvent.INSTALMENT_DUE})
# Channels that have a price, and the most that a unit may cost: beyond is a slip of the pen.
PRICED = frozenset({"email", "sms", "whatsapp", "call", "letter"})
MOST_MICROS = 100_000_000
MAX_STEPS, MAX_SEGMENTS, MAX_ARMS = 60, 40, 6
MAX_DAYS = 3_650
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Args:
        where: Code of the step or id of the segment; its number (``#3``) when it has none;
            empty for the whole.
        field: The field that is wrong.
        reason: Short code.
    """

    where: str
    field: str
    reason: str


def of_strategy(strategy: Strategy, limits: AgreementLimits | None = None) -> tuple[Problem, ...]:
    """
    List what is wrong with a strategy; nothing when it can be published.

    Args:
        limits: The portfolio's, which no offer may exceed.
    """
    return tuple(_of_strategy(strategy, limits))


def of_playbook(playbook: Playbook, strategy_ids: Iterable[str]) -> tuple[Problem, ...]:
    """
    List what is wrong with a playbook.

    Args:
        strategy_ids: Those that are published.
    """
    return tuple(_of_playbook(playbook, frozenset(strategy_ids)))


def _of_strategy(strategy: Strategy, limits: AgreementLimits | None) -> Iterator[Problem]:
    if not strategy.name.strip():
        yield Problem("", "name", "missing")
    if len(strategy.name) > 80:
        yield Problem("", "name", "too_long")
    if not strategy.steps:
        yield Problem("", "steps", "missing")
    if len(strategy.steps) > MAX_STEPS:
        yield Problem("", "steps", "too_many")
    if not 1 <= strategy.min_gap_days <= 60:
        yield Problem("", "min_gap_days", "out_of_range")
    if found := rules.problem(strategy.stop):
        yield Problem("", "stop", found)
    yield from _arms(strategy)
    seen: set[str] = set()
    arms = {arm.code for arm in strategy.arms if not arm.holdout}
    for number, step in enumerate(strategy.steps, start=1):
        where = step.code or f"#{number}"
        if not _CODE.fullmatch(step.code):
            yield Problem(where, "code", "malformed" if step.code else "missing")
        elif step.code in seen:
            yield Problem(where, "code", "repeated")
        seen.add(step.code)
        yield from _step(where, step, arms, limits)
    yield from _order(strategy.steps)


def _arms(strategy: Strategy) -> Iterator[Problem]:
    arms = strategy.arms
    if not arms:
        return
    if not 2 <= len(arms) <= MAX_ARMS:
        yield Problem("", "arms", "two_to_six")
    if len({arm.code for arm in arms}) < len(arms):
        yield Problem("", "arms", "repeated")
    if any(not _CODE.fullmatch(arm.code) for arm in arms):
        yield Problem("", "arms", "malformed")
    if any(not 1 <= arm.weight <= 1_000 for arm in arms):
        yield Problem("", "arms", "out_of_range")
    if all(arm.holdout for arm in arms):
        yield Problem("", "arms", "all_holdout")


def _step(
    where: str, step: Step, arms: set[str], limits: AgreementLimits | None
) -> Iterator[Problem]:
    yield from _trigger(where, step.trigger)
    if found := rules.problem(step.condition):
        yield Problem(where, "condition", found)
    if not step.channels and not step.work:
        yield Problem(where, "channels", "nothing_to_do")
    if len(set(step.channels)) < len(step.channels):
        yield Problem(where, "channels", "repeated")
    if step.channels and not _CODE.fullmatch(step.template_id):
        yield Problem(where, "template_id", "malformed" if step.template_id else "missing")
    if step.call_back is not CallBack.NEVER and Channel.CALL not in step.channels:
        yield Problem(where, "call_back", "no_voice")
    if step.late_days is not None and not 0 <= step.late_days <= MAX_DAYS:
        yield Problem(where, "late_days", "out_of_range")
    if set(step.arms) - arms:
        yield Problem(where, "arms", "holdout_or_unknown")
    yield from _offer(where, step, limits)


def _trigger(where: str, trigger: Trigger) -> Iterator[Problem]:
    if abs(trigger.days) > MAX_DAYS:
        yield Problem(where, "trigger.days", "out_of_range")
    if (trigger.kind is TriggerKind.EVENT) != (trigger.event is not None):
        yield Problem(where, "trigger.event", "missing" if trigger.event is None else "unwanted")
    may_precede = trigger.kind is TriggerKind.DUE or trigger.event in AHEAD
    if trigger.days < 0 and not may_precede:
        yield Problem(where, "trigger.days", "negative")
    if trigger.kind is TriggerKind.PREVIOUS and trigger.days == 0:
        # Two messages on one day are one too many.
        yield Problem(where, "trigger.days", "zero")


def _offer(where: str, step: Step, limits: AgreementLimits | None) -> Iterator[Problem]:
    offer = step.offer
    if offer is None:
        return
    if not 1 <= offer.valid_days <= 90:
        yield Problem(where, "offer.valid_days", "out_of_range")
    for name in ("principal", "interest", "fees"):
        asked = getattr(offer, f"{name}_ppm")
        most = getattr(limits, f"max_discount_{name}_ppm") if limits else 1_000_000
        if not 0 <= asked <= 1_000_000:
            yield Problem(where, f"offer.{name}_ppm", "out_of_range")
        elif asked > most:
            yield Problem(where, f"offer.{name}_ppm", "above_limit")
    if not (offer.principal_ppm or offer.interest_ppm or offer.fees_ppm):
        yield Problem(where, "offer", "nothing_offered")
    if not step.channels:
        yield Problem(where, "offer", "nothing_sent")


def _order(steps: Iterable[Step]) -> Iterator[Problem]:
    """The ladder goes forward: a step due before the one above it would never have its turn."""
    ladder = [step for step in steps if step.trigger.kind is not TriggerKind.EVENT]
    last: int | None = None
    for number, step in enumerate(ladder, start=1):
        if step.trigger.kind is TriggerKind.PREVIOUS:
            if number == 1:
                yield Problem(step.code or "#1", "trigger.kind", "first_step")
            continue
        if last is not None and step.trigger.days < last:
            yield Problem(step.code or f"#{number}", "trigger.days", "before_previous")
        last = step.trigger.days


def _of_playbook(playbook: Playbook, strategy_ids: frozenset[str]) -> Iterator[Problem]:
    segments = playbook.segments
    if len(segments) > MAX_SEGMENTS:
        yield Problem("", "segments", "too_many")
    for name in ("monthly_budget_micros", "daily_budget_micros"):
        budget = getattr(playbook, name)
        if budget is not None and (budget < 0 or not playbook.budget_currency):
            yield Problem("", name, "out_of_range")
    for channel, micros in playbook.own_prices.items():
        if channel not in PRICED or not 0 <= micros <= MOST_MICROS:
            yield Problem(channel, "own_prices", "out_of_range")
    priorities: set[int] = set()
    names: set[str] = set()
    for number, segment in enumerate(segments, start=1):
        where = segment.segment_id or f"#{number}"
        if not _CODE.fullmatch(segment.segment_id):
            yield Problem(where, "segment_id", "malformed" if segment.segment_id else "missing")
        elif segment.segment_id in names:
            yield Problem(where, "segment_id", "repeated")
        if segment.priority in priorities:
            yield Problem(where, "priority", "repeated")
        names.add(segment.segment_id)
        priorities.add(segment.priority)
        yield from _segment(where, segment, strategy_ids)


def _segment(where: str, segment: Segment, strategy_ids: frozenset[str]) -> Iterator[Problem]:
    if not segment.name.strip():
        yield Problem(where, "name", "missing")
    if len(segment.name) > 80:
        yield Problem(where, "name", "too_long")
    if found := rules.problem(segment.rule):
        yield Problem(where, "rule", found)
    if segment.strategy_id and segment.strategy_id not in strategy_ids:
        yield Problem(where, "strategy_id", "not_published")
    if segment.daily_quota is not None and segment.daily_quota < 0:
        yield Problem(where, "daily_quota", "out_of_range")
