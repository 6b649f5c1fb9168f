"""Which strategy a case gets: the one a person put it on, else the first segment it is in says."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from chalicelib.domain.case import CaseStatus
from chalicelib.strategies import rules
from chalicelib.strategies.evaluation import evaluate, planned, withdrawals
from chalicelib.strategies.facts import Facts
from chalicelib.strategies.model import Evaluation, Playbook, Segment, Strategy, Why


def segment_of(playbook: Playbook, facts: Facts) -> Segment | None:
    """Find the segment a case is in: the first, by priority, whose rule holds."""
    for segment in sorted(playbook.segments, key=lambda one: (one.priority, one.segment_id)):
        if rules.holds(segment.rule, facts):
            return segment
    return None


def plan(
    playbook: Playbook, strategies: Iterable[Strategy], facts: Facts
) -> tuple[Segment | None, Evaluation]:
    """
    Evaluate the strategy that the case was put on, else its segment's.

    Args:
        strategies: Published versions; of each strategy the newest already valid is taken.

    Returns:
        The segment, and the evaluation; a case without a strategy has planned messages of
        earlier ones withdrawn.
    """
    segment = segment_of(playbook, facts)
    turns = [day for each in playbook.segments for day in rules.changes_on(each.rule, facts)]
    followed = facts.strategy or (segment.strategy_id if segment else "")
    own = [s for s in strategies if followed and s.strategy_id == followed]
    valid = [s for s in own if s.valid_from is not None and s.valid_from <= facts.today]
    turns += [s.valid_from for s in own if s.valid_from and s.valid_from > facts.today]
    if not valid:
        lost = segment is None and not facts.strategy
        code = "not_valid_yet" if own else "no_segment" if lost else "no_strategy"
        found = Evaluation(
            actions=withdrawals(planned(facts), code),
            next_on=None,
            why=(Why(step="", code=code),),
        )
    else:
        newest = max(valid, key=lambda s: (s.valid_from or date.min, s.version))
        found = evaluate(newest, facts)
    if facts.status is CaseStatus.VOID or not facts.owes:
        turns = []
    return segment, _looking_again(found, turns)


def _looking_again(found: Evaluation, days: Iterable[date]) -> Evaluation:
    """Give *found* with the earliest of its next day and *days*."""
    coming = [*days] + ([found.next_on] if found.next_on else [])
    return replace(found, next_on=min(coming, default=None))
