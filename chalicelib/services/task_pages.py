"""How tasks are laid out: a line of the list, and what a case shows of its own."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalicelib.domain.plain import to_plain
from chalicelib.domain.task import Task
from chalicelib.services.tasks import Listed, when_of

Names = Callable[[set[str]], Mapping[str, str]]  # actor ids to names, as known


def lines(found: Iterable[Listed], *, people: Names) -> list[dict[str, Any]]:
    """What the list shows: the task, whose it is, and of what case."""
    several = list(found)
    who = people(actors(one.task for one in several))
    return [
        shown(one.task, who)
        | {
            "case_id": one.head.case_id,
            "case_name": one.head.name,
            "portfolio_id": one.head.portfolio_id,
            "balance": {"minor": one.head.balance_minor, "currency": one.head.currency},
            "when": when_of(one.task.due_on, one.today).value,
            "days": (one.task.due_on - one.today).days,
        }
        for one in several
    ]


def shown(task: Task, who: Mapping[str, str]) -> dict[str, Any]:
    """What is shown of a task wherever it is shown."""
    owner = f"user:{task.owner}"
    return {
        "task_id": task.task_id,
        "kind": task.kind.value,
        "state": task.state.value,
        "due_on": task.due_on.isoformat(),
        "cause": task.cause.kind,
        "strategy": task.cause.strategy,
        "step": task.cause.step,
        "text": task.text,
        "owner": {"id": task.owner, "name": who.get(owner, "")} if task.owner else None,
        "asked_by": {"id": task.cause.by, "name": who.get(task.cause.by, "")},
        "created_at": to_plain(task.created_at),
        "ended_at": to_plain(task.ended_at),
        "ended_by": {"id": task.ended_by, "name": who.get(task.ended_by, "")},
        "outcome": task.outcome,
    }


def actors(tasks: Iterable[Task]) -> set[str]:
    """Who is named by tasks, as actors."""
    several = list(tasks)
    return {f"user:{one.owner}" for one in several if one.owner} | {
        actor for one in several for actor in (one.cause.by, one.ended_by) if actor
    }
