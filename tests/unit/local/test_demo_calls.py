"""The demo's telephone work: when it was, what it comes to, and that a repeat adds nothing."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import holidays
import pytest

from local import demo_calls
from local.client import Problem
from local.demo import ZONE

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)


class Office:
    """The API as callers meet it, in memory; ``clock`` is what the stack believes."""

    def __init__(self, cases=200, *, reachable=lambda case_id: True, promises=True):
        self.ids = [f"cas_{place}" for place in range(cases)]
        self.clock, self.keys, self.ended, self.promised, self.tasks = NOW, set(), [], [], {}
        self.reachable, self.takes_promises = reachable, promises

    @contextmanager
    def at(self, moment):
        self.clock = moment
        yield
        self.clock = NOW

    def pages(self, path, **query):
        return ({"case_id": one} for one in self.ids)

    def get(self, path, **query):
        case_id = path.split("/")[2]
        if path.endswith("/contact"):
            way = {"contact_id": "con_1", "channel": "call", "allowed": self.reachable(case_id)}
            return {"ways": [way | {"channel": "sms", "allowed": True}, way]}
        if path.endswith("/cases"):
            return {"items": [{"case_id": one} for one in self.ids[: query["limit"]]]}
        return {"case": {"total_due": {"minor": 123_457}}}

    def post(self, path, body=None, *, key=None):
        if path.endswith("/promises"):
            if not self.takes_promises:
                raise Problem(422, {"code": "promise.too_late"}, "promise")
            self.promised.append((self.clock, body))
            return {}
        if path.endswith("/tasks"):
            return self.tasks.setdefault(key, body)
        new = key not in self.keys
        self.keys.add(key)
        return {"open": {"attempt_id": "att_1"} if new else None}

    def put(self, path, body):
        self.ended.append((self.clock, path.split("/")[2], body))


def load(office):
    return demo_calls.load([office, office], "prt_1", at=office.at, now=NOW)


def test_calls_are_of_working_hours_and_of_one_case_each():
    office = Office()

    assert load(office) == len(office.ended) == demo_calls.DAYS * demo_calls.CALLS * 2

    closed = holidays.country_holidays("MX")
    for at, _, _ in office.ended:
        local = at.astimezone(ZONE)
        assert local.weekday() < 5
        assert local.date() not in closed
        assert at < NOW
        assert 9 <= local.hour < 19
    assert len({case_id for _, case_id, _ in office.ended}) == len(office.ended)
    assert [at for at, _, _ in office.ended] == sorted(at for at, _, _ in office.ended)


def test_every_result_has_what_it_wants():
    office = Office()
    load(office)

    seen = {body["disposition"] for _, _, body in office.ended}
    assert {"promise", "no_answer", "message_left"} <= seen <= set(demo_calls.RESULTS)
    for at, _, body in office.ended:
        assert bool(body["note"]) == (body["disposition"] in demo_calls.NOTES)
        assert ("call_back_at" in body) == (body["disposition"] == "call_back")
        if "call_back_at" in body:
            assert datetime.fromisoformat(body["call_back_at"]) > at
    assert len(office.promised) == sum(b["disposition"] == "promise" for _, _, b in office.ended)
    for at, promise in office.promised:
        assert type(promise["amount_minor"]) is int
        assert date.fromisoformat(promise["due_on"]) > at.date()


def test_who_may_not_be_called_is_not():
    office = Office(reachable=lambda case_id: case_id.endswith("7"))
    load(office)
    assert office.ended
    assert all(case_id.endswith("7") for _, case_id, _ in office.ended)


def test_a_promise_that_the_rules_refuse_becomes_none():
    office = Office(promises=False)
    load(office)
    assert "promise" not in {body["disposition"] for _, _, body in office.ended}


def test_a_repeat_adds_nothing():
    office = Office()
    made = load(office)
    demo_calls.give_tasks(office, "prt_1", "per_1", today=NOW.date())

    assert load(office) == 0
    demo_calls.give_tasks(office, "prt_1", "per_1", today=NOW.date())

    assert len(office.ended) == made
    assert len(office.tasks) == len(demo_calls.TASKS)
    assert {task["owner"] for task in office.tasks.values()} == {"", "per_1"}
    assert min(task["due_on"] for task in office.tasks.values()) >= NOW.date().isoformat()


@pytest.mark.parametrize("code", ["fact.already_recorded", "case.not_found"])
def test_only_a_task_that_is_there_is_passed_over(code):
    class Refusing(Office):
        def post(self, path, body=None, *, key=None):
            raise Problem(409, {"code": code}, "task")

    def give():
        demo_calls.give_tasks(Refusing(), "prt_1", "per_1", today=NOW.date())

    if code == "fact.already_recorded":
        give()
    else:
        with pytest.raises(Problem):
            give()
