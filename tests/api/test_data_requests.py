"""Requests by law through the API: registered once, held to their term, answered by a letter."""

from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.people import Role
from tests.api.conftest import sign_in


@pytest.fixture
def register(portfolio_id):
    return f"/portfolios/{portfolio_id}/data-requests"


@pytest.fixture
def ask(api, admin, case_id, register):
    def asked(token=admin, key="k-1", **body):
        body = {"kind": "erasure", "way": "email", "case_ids": [case_id]} | body
        answer = api(f"POST {register}", body, token=token, idempotency_key=key)
        assert answer.status == 201, answer.body
        return answer.body

    return asked


def act(api, admin, register, one, **body):
    path = f"{register}/{one['request_id']}"
    return api(f"PATCH {path}", {"version": one["version"]} | body, token=admin)


def test_a_request_is_registered_once_and_comes_in_the_register(api, admin, register, ask, case_id):
    one = ask(words="Quiero que borren mis datos")
    again = ask()

    found = api(f"GET {register}", token=admin).body
    of_case = api(f"GET {register}?case={case_id}", token=admin).body["items"]

    assert again["request_id"] == one["request_id"]
    assert [each["number"] for each in found["items"]] == [one["number"]]
    assert found["counts"] == {"late": 0, "soon": 0, "more": False}
    assert [each["request_id"] for each in of_case] == [one["request_id"]]
    assert one["in_force"]
    assert one["keeps"]["article"].startswith("LFPDPPP")


def test_it_goes_its_whole_way_and_gives_a_letter(api, admin, register, ask, case_id):
    one = ask()
    proven = act(api, admin, register, one, act="identify", proof="document", note="INE").body
    path = f"{register}/{one['request_id']}"
    early = api(f"GET {path}/letter", token=admin)
    assert (early.status, early.body["details"]["reason"]) == (422, "not_answered")
    said = {"verdict": "restricted", "ground": "debt_in_force", "article": "LFPDPPP art. 25"}
    answered = act(api, admin, register, proven, act="answer", text="Sigue vigente", **said).body
    letter = api(f"GET {path}/letter?language=pt", token=admin)
    done = act(api, admin, register, answered, act="carry_out", note="Bloqueados").body

    assert answered["can"] == {"work": False, "extend": False, "carry_out": True, "letter": True}
    assert letter.body["url"].startswith("http")
    assert done["state"] == "done"
    assert [step["act"] for step in done["steps"]] == [
        "received", "identified", "answered", "done",
    ]  # fmt: skip
    assert api(f"GET {register}", token=admin).body["items"] == []
    assert len(api(f"GET {register}?state=ended", token=admin).body["items"]) == 1
    kinds = [event.kind for event in wiring.cases().open(case_id).events]
    assert kinds[-1] == "task.done"
    assert "rights.answered" in kinds


def test_what_is_wrong_is_said(api, admin, register, ask):
    one = ask()

    stale = act(api, admin, register, {**one, "version": 1}, act="extend", note="x")
    bare = act(api, admin, register, one, act="answer", text="x")
    nobody = api(f"POST {register}", {"kind": "access", "way": "email"}, token=admin)
    unknown = api(
        f"POST {register}", {"kind": "access", "way": "email", "case_ids": ["cas_x"]}, token=admin
    )

    assert (stale.status, stale.code) == (409, "data_request.moved")
    assert (bare.status, bare.body["details"]["field"]) == (422, "verdict")
    assert (nobody.status, nobody.body["details"]["field"]) == (422, "name")
    assert (unknown.status, unknown.code) == (404, "case.not_found")


def test_looking_at_one_and_taking_the_register_is_noted(api, admin, register, ask, portfolio_id):
    one = ask()
    api(f"GET {register}/{one['request_id']}", token=admin)
    api(f"GET {register}?file=yes", token=admin)
    last = wiring.now().date()
    first = last - timedelta(days=3)  # the portfolio's day may be the one before
    path = f"/portfolios/{portfolio_id}/access-log?first={first}&last={last}"
    looks = api(f"GET {path}", token=admin).body["items"]

    assert {"data_request.opened", "data_requests.taken"} <= {look["kind"] for look in looks}


def test_an_agent_registers_what_they_were_told_and_sees_no_register(
    api, cloud, register, ask, portfolio_id
):
    agent = sign_in(api, cloud, "ag@example.mx", Role.AGENT, portfolios=(portfolio_id,))

    one = ask(token=agent)

    assert one["can"]["work"] is False
    assert api(f"GET {register}", token=agent).status == 403
    assert api(f"GET {register}/{one['request_id']}", token=agent).status == 403
