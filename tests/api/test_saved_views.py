"""Saved views through the API: named, shared, renamed, opened with, taken away."""

import pytest

from chalicelib.domain.people import Role
from tests.api.conftest import NEW, sign_in

HELD = {"name": "Detenidos en León", "filters": {"status": "held", "city": "León"}}


@pytest.fixture
def base(api, admin):
    return f"/portfolios/{api('POST /portfolios', NEW, token=admin).body['portfolio_id']}/views"


@pytest.fixture
def agent(api, cloud, base):
    scope = (base.split("/")[2],)
    return sign_in(api, cloud, "luis@example.com", Role.AGENT, portfolios=scope)


def names(api, base, token):
    return [one["name"] for one in api(f"GET {base}", token=token).body["items"]]


def test_one_s_own_is_seen_by_nobody_else_until_it_is_shared(api, admin, agent, base):
    made = api(f"POST {base}", HELD, token=admin, idempotency_key="k-0000001")
    again = api(f"POST {base}", HELD, token=admin, idempotency_key="k-0000001")
    assert (made.status, again.body) == (201, made.body)
    assert made.body["filters"] == HELD["filters"]
    assert (names(api, base, admin), names(api, base, agent)) == ([HELD["name"]], [])

    one = f"{base}/{made.body['view_id']}"
    assert api(f"PATCH {one}", {"name": "Mío"}, token=agent).code == "view.not_found"
    api(f"PATCH {one}", {"shared": True}, token=admin)
    (found,) = api(f"GET {base}", token=agent).body["items"]
    assert (found["own"], found["can_change"]) == (False, False)
    assert api(f"PATCH {one}", {"name": "Mío"}, token=agent).status == 403
    assert api(f"DELETE {one}", token=agent).status == 403
    assert api(f"PATCH {one}", {"opens": True}, token=agent).body["opens"] is True
    assert api(f"GET {base}", token=admin).body["items"][0]["opens"] is False


def test_an_agent_keeps_views_and_shares_none(api, agent, base):
    assert api(f"POST {base}", HELD | {"shared": True}, token=agent).status == 403
    made = api(f"POST {base}", HELD, token=agent).body
    assert api(f"PATCH {base}/{made['view_id']}", {"shared": True}, token=agent).status == 403


def test_it_is_renamed_asked_by_other_filters_and_taken_away(api, admin, base):
    made = api(f"POST {base}", HELD, token=admin).body
    one = f"{base}/{made['view_id']}"
    changed = api(f"PATCH {one}", {"name": "Todos", "filters": {"sort": "name"}}, token=admin).body
    assert (changed["name"], changed["filters"]) == ("Todos", {"sort": "name"})
    assert api(f"DELETE {one}", token=admin).status == 204
    assert api(f"DELETE {one}", token=admin).status == 204
    assert names(api, base, admin) == []


def test_a_list_opens_with_one_view_at_a_time(api, admin, base):
    first, second = (
        api(f"POST {base}", HELD | {"name": name}, token=admin).body["view_id"] for name in "AB"
    )
    api(f"PATCH {base}/{first}", {"opens": True}, token=admin)
    api(f"PATCH {base}/{second}", {"opens": True}, token=admin)
    found = {one["view_id"]: one["opens"] for one in api(f"GET {base}", token=admin).body["items"]}
    assert found == {first: False, second: True}


@pytest.mark.parametrize("change", [{"name": "Mía"}, {"filters": {"city": "León"}}])
def test_a_list_opens_with_what_it_did_where_another_cannot_take_its_place(
    api, admin, agent, base, change
):
    own = api(f"POST {base}", HELD, token=agent).body["view_id"]
    theirs = api(f"POST {base}", HELD | {"shared": True}, token=admin).body["view_id"]
    api(f"PATCH {base}/{own}", {"opens": True}, token=agent)

    assert api(f"PATCH {base}/viw_none", {"opens": True}, token=agent).status == 404
    assert api(f"PATCH {base}/{theirs}", change | {"opens": True}, token=agent).status == 403

    opens = {one["view_id"]: one["opens"] for one in api(f"GET {base}", token=agent).body["items"]}
    assert opens == {own: True, theirs: False}


def test_a_view_no_longer_shared_does_not_keep_its_place(api, admin, agent, base):
    theirs = api(f"POST {base}", HELD | {"shared": True}, token=admin).body["view_id"]
    own = api(f"POST {base}", HELD, token=agent).body["view_id"]
    api(f"PATCH {base}/{theirs}", {"opens": True}, token=agent)
    api(f"PATCH {base}/{theirs}", {"shared": False}, token=admin)

    assert api(f"PATCH {base}/{own}", {"opens": True}, token=agent).body["opens"] is True

    api(f"PATCH {base}/{theirs}", {"shared": True}, token=admin)
    opens = {one["view_id"]: one["opens"] for one in api(f"GET {base}", token=agent).body["items"]}
    assert opens == {own: True, theirs: False}


@pytest.mark.parametrize(
    "body",
    [
        {"name": " ", "filters": {}},
        {"name": "x", "filters": {"status": "lost"}},
        {"name": "x", "filters": {"sort": "colour"}},
        {"name": "x", "filters": {"colour": "red"}},
    ],
)
def test_what_makes_no_view_is_refused(api, admin, base, body):
    answer = api(f"POST {base}", body, token=admin)
    assert (answer.status, answer.code) == (422, "request.bad_field")
