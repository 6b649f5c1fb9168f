"""What every case store promises of tasks found without their cases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contact import Cause
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.services import task_lists
from tests.builders import NOW, TODAY, a_debt, a_draft, a_portfolio, change_of, reopened

DAY = timedelta(days=1)


def a_task(key, **values):
    base = Task(
        task_id=f"tsk_{key}",
        kind=TaskKind.OTHER,
        state=TaskState.OPEN,
        cause=Cause(kind="manual", by="user:ana"),
        due_on=TODAY,
        created_at=NOW,
        text="Pedir el pagaré",
    )
    return replace(base, **values)


def with_tasks(stores, *tasks, key="D-1", portfolio=None):
    portfolio = portfolio or stores.portfolio
    draft = a_draft(a_debt(f"{key}-1", portfolio.portfolio_id), portfolio=portfolio, key=key)
    for task in tasks:
        draft.ask(task)
    change = change_of(draft)
    stores.cases.commit(change)
    return change.after.case_id


def ids(page):
    return [task.task_id for _, task in page.items]


def whose(portfolio, name):
    """People outlive a test's portfolio, tables are shared: one's own for each."""
    return f"{name}-{portfolio.portfolio_id}"


def change(stores, case_id, do):
    draft = reopened(stores.cases.open(case_id), stores.portfolio)
    do(draft)
    stores.cases.commit(change_of(draft))


def test_a_task_is_read_as_it_was_written(stores):
    task = a_task("1", owner="luis")
    case_id = with_tasks(stores, task)
    change(stores, case_id, lambda d: d.end_task("tsk_1", TaskState.DONE, outcome="Lo mandó"))

    (read,) = stores.cases.open(case_id).tasks

    assert (read.text, read.owner, read.outcome) == ("Pedir el pagaré", "luis", "Lo mandó")


def test_tasks_of_nobody_come_by_day_page_by_page(stores):
    pid = stores.portfolio.portfolio_id
    for number in range(9):
        with_tasks(stores, a_task(number, due_on=TODAY + (8 - number) * DAY), key=f"D-{number}")
    taken = a_task("x", owner=whose(stores.portfolio, "luis"))
    with_tasks(stores, taken, key="D-x")

    found, cursor = [], None
    while True:
        page = stores.cases.tasks(portfolio_id=pid, cursor=cursor, limit=4)
        found += ids(page)
        cursor = page.cursor
        if cursor is None:
            break

    assert found == [f"tsk_{number}" for number in range(8, -1, -1)]
    some = stores.cases.tasks(portfolio_id=pid, first=TODAY + DAY, last=TODAY + 2 * DAY)
    assert ids(some) == ["tsk_7", "tsk_6"]
    assert ids(stores.cases.tasks(portfolio_id=pid, last=TODAY - DAY)) == []
    assert ids(stores.cases.tasks(portfolio_id=pid, cursor="9999-12-31", last=TODAY)) == []


def test_a_person_s_are_found_in_all_portfolios_or_in_one_and_by_kind(stores):
    luis, maya = (whose(stores.portfolio, name) for name in ("luis", "maya"))
    pid = stores.portfolio.portfolio_id
    other = a_portfolio(f"{pid}x")
    with_tasks(
        stores,
        a_task("1", owner=luis),
        a_task("2", owner=luis, kind=TaskKind.CALL, due_on=TODAY + DAY),
    )
    with_tasks(stores, a_task("3", owner=luis, due_on=TODAY - DAY), key="D-2", portfolio=other)
    with_tasks(stores, a_task("4", owner=maya), key="D-3")
    find = stores.cases.tasks

    assert ids(find(owners=[luis])) == ["tsk_3", "tsk_1", "tsk_2"]
    assert ids(find(owners=[luis], portfolio_id=pid)) == ["tsk_1", "tsk_2"]
    assert ids(find(owners=[luis], kind=TaskKind.CALL)) == ["tsk_2"]
    assert set(ids(find(owners=[luis, maya], portfolio_id=pid, last=TODAY))) == {"tsk_1", "tsk_4"}
    late = stores.cases.late_tasks(luis, TODAY, most=9)
    assert late == [(other.portfolio_id, TODAY - DAY), (pid, TODAY)]
    assert stores.cases.late_tasks(luis, TODAY, most=1) == late[:1]


def test_pages_of_several_people_miss_nothing(stores):
    names = [whose(stores.portfolio, f"p{number}") for number in range(3)]
    for number, owner in enumerate(names):
        several = [
            a_task(f"{number}{of}", owner=owner, due_on=TODAY + (number + 3 * of) * DAY)
            for of in range(4)
        ]
        with_tasks(stores, *several, key=f"D-{number}")

    found, cursor = [], None
    for _ in range(20):
        page = stores.cases.tasks(owners=names, cursor=cursor, limit=5)
        found += [task.due_on for _, task in page.items]
        cursor = page.cursor
        if cursor is None:
            break

    assert found == [TODAY + number * DAY for number in range(12)]


def test_given_put_off_ended_and_reopened_it_moves_between_lists(stores):
    luis = whose(stores.portfolio, "luis")
    pid = stores.portfolio.portfolio_id
    case_id = with_tasks(stores, a_task("1"))
    find = stores.cases.tasks

    change(stores, case_id, lambda d: d.give_task("tsk_1", luis))
    assert (ids(find(portfolio_id=pid)), ids(find(owners=[luis]))) == ([], ["tsk_1"])
    change(stores, case_id, lambda d: d.put_off_task("tsk_1", TODAY + 5 * DAY))
    assert ids(find(owners=[luis], last=TODAY)) == []
    assert ids(find(owners=[luis], first=TODAY + 5 * DAY)) == ["tsk_1"]
    change(stores, case_id, lambda d: d.end_task("tsk_1", TaskState.DONE))
    assert ids(find(owners=[luis])) == []
    change(stores, case_id, lambda d: d.reopen_task("tsk_1"))
    assert ids(find(owners=[luis])) == ["tsk_1"]


def test_tasks_from_before_there_were_lists_are_put_into_theirs(stores, engine):
    if engine == "memory":
        pytest.skip("in memory there are no keys that a row may lack")
    portfolio = stores.portfolio
    ana = whose(portfolio, "ana")
    case_id = with_tasks(
        stores,
        a_task("1", owner=ana),
        a_task("2"),
        a_task("3", kind=TaskKind.VISIT),
        a_task("4"),
    )
    change(stores, case_id, lambda d: d.end_task("tsk_4", TaskState.DONE, outcome="Listo"))
    wire, table = stores.cases._wire, stores.cases._cases
    for number in (1, 2, 3):
        wire.call(
            "UpdateItem",
            {
                "TableName": table,
                "Key": {"pk": {"S": f"CASE#{case_id}"}, "sk": {"S": f"TASK#tsk_{number}"}},
                "UpdateExpression": "REMOVE lookup_pk, lookup_sk, agenda_pk, agenda_sk",
                "ConditionExpression": "attribute_exists(lookup_pk)",
            },
        )

    def listed(**values):
        return ids(stores.cases.tasks(portfolio_id=portfolio.portfolio_id, **values))

    def mend(*, write=True):
        return task_lists.mend(portfolio.portfolio_id, cases=stores.cases, write=write)

    assert (listed(owners=[ana]), listed()) == ([], [])
    assert (mend(write=False).tasks, listed()) == (3, [])
    assert mend() == task_lists.Listed(cases=1, tasks=3)

    assert (listed(owners=[ana]), sorted(listed())) == (["tsk_1"], ["tsk_2", "tsk_3"])
    assert mend().tasks == 0
