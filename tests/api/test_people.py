"""People, through the API: an admin's work, and its limits."""

import pytest

from chalicelib import wiring
from chalicelib.domain.errors import PersonMoved
from chalicelib.domain.people import Actor, Role
from chalicelib.services import people
from tests.api.cloud import PASSWORD
from tests.api.conftest import sign_in

INVITATION = {"email": "Nueva@Example.com", "name": "Nueva", "role": "agent", "team": "Norte"}


def test_an_invited_person_is_listed_as_invited(api, admin):
    made = api("POST /people", INVITATION, token=admin)

    assert made.status == 201
    assert (made.body["email"], made.body["status"]) == ("nueva@example.com", "invited")
    listed = api("GET /people", token=admin).body["items"]
    assert made.body in listed


def test_an_address_is_invited_once(api, admin):
    api("POST /people", INVITATION, token=admin)

    again = api("POST /people", INVITATION, token=admin)

    assert (again.status, again.code) == (409, "person.email_taken")


def test_an_invitation_that_failed_half_way_is_finished(api, admin, cloud):
    sub = wiring.identity().invite("nueva@example.com", "Nueva", "es")

    made = api("POST /people", INVITATION, token=admin)

    assert (made.status, made.body["person_id"]) == (201, sub)


def test_only_portfolios_that_exist_can_be_given(api, admin):
    refused = api("POST /people", INVITATION | {"portfolios": ["prt_none"]}, token=admin)

    assert refused.status == 422
    assert refused.body["details"] == {"field": "portfolios.0", "reason": "not_found"}


def test_disabling_works_at_once(api, admin, cloud):
    token = sign_in(api, cloud, "sup@example.com", Role.SUPERVISOR)
    person_id = api("GET /me", token=token).body["person_id"]

    changed = api(f"PATCH /people/{person_id}", {"disabled": True}, token=admin)

    assert changed.body["status"] == "disabled"
    assert (api("GET /me", token=token).status, api("GET /me", token=token).code) == (
        401,
        "session.ended",
    )
    refused = api("POST /session", {"email": "sup@example.com", "password": PASSWORD})
    assert (refused.status, refused.code) == (401, "session.sign_in_failed")
    api(f"PATCH /people/{person_id}", {"disabled": False}, token=admin)
    assert api("POST /session", {"email": "sup@example.com", "password": PASSWORD}).status == 200


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "agent"}])
def test_nobody_removes_themself(api, admin, change):
    me = api("GET /me", token=admin).body["person_id"]

    refused = api(f"PATCH /people/{me}", change, token=admin)

    assert (refused.status, refused.code) == (403, "person.not_yourself")


def test_of_two_admins_removing_each_other_at_once_one_stays(api, admin, cloud):
    """The change rests on the actor still being an admin when it is written."""
    mine = api("GET /me", token=admin).body["person_id"]
    other = cloud.person("otro@example.com", Role.ADMIN, totp=True)
    before = wiring.people().get(mine)
    api(f"PATCH /people/{other.person_id}", {"role": "agent"}, token=admin)

    with pytest.raises(PersonMoved):  # the other's request, authorised just before
        people.change(
            before.person_id,
            {"disabled": True},
            actor=Actor(actor_id=f"user:{other.person_id}", role=Role.ADMIN, portfolios=("*",)),
            identity=wiring.identity(),
            people=wiring.people(),
            known_portfolios=wiring.portfolios(),
            now=before.invited_at,
        )

    assert wiring.people().get(mine) == before


def test_an_admin_who_becomes_an_agent_keeps_no_portfolio(api, admin, cloud):
    other = cloud.person("otro@example.com", Role.ADMIN, totp=True)

    changed = api(f"PATCH /people/{other.person_id}", {"role": "agent"}, token=admin)

    assert (changed.body["role"], changed.body["portfolios"]) == ("agent", [])


def test_a_reset_password_ends_every_session(api, admin, cloud):
    token = sign_in(api, cloud, "sup@example.com", Role.SUPERVISOR)
    person_id = api("GET /me", token=token).body["person_id"]

    assert api(f"POST /people/{person_id}/password-reset", token=admin).status == 202

    assert api("GET /me", token=token).status == 401


def test_an_invitation_is_sent_again_only_while_it_is_open(api, admin, cloud):
    invited = api("POST /people", INVITATION, token=admin).body["person_id"]
    active = cloud.person("sup@example.com", Role.SUPERVISOR).person_id

    assert api(f"POST /people/{invited}/invitation", token=admin).status == 202
    refused = api(f"POST /people/{active}/invitation", token=admin)
    assert (refused.status, refused.code) == (409, "person.already_active")
    unready = api(f"POST /people/{invited}/password-reset", token=admin)
    assert (unready.status, unready.code) == (409, "person.not_active")


def test_a_lost_second_factor_is_removed_by_another_admin(api, admin, cloud):
    other = cloud.person("otro@example.com", Role.ADMIN, totp=True)
    me = api("GET /me", token=admin).body["person_id"]

    assert api(f"DELETE /people/{other.person_id}/totp", token=admin).body["totp"] is False
    assert api(f"DELETE /people/{me}/totp", token=admin).code == "person.not_yourself"


def test_what_was_done_is_on_record_without_personal_data(api, admin, cloud):
    made = api("POST /people", INVITATION, token=admin).body
    api(f"PATCH /people/{made['person_id']}", {"name": "Otra", "role": "supervisor"}, token=admin)

    events = api("GET /audit?limit=2", token=admin)

    newest, older = events.body["items"]
    assert newest["kind"] == "person.changed"
    assert newest["facts"] == {"name": "changed", "role": ["agent", "supervisor"]}
    assert older["kind"] == "person.invited"
    assert "Nueva" not in str(events.body)
    assert "example.com" not in str(events.body)


def test_people_are_listed_page_by_page(api, admin, cloud):
    for number in range(4):
        cloud.person(f"p{number}@example.com", Role.AGENT)

    seen, cursor = [], ""
    while cursor is not None:
        page = api(f"GET /people?limit=2{cursor and '&cursor=' + cursor}", token=admin).body
        seen += [person["email"] for person in page["items"]]
        cursor = page["cursor"]

    assert sorted(seen) == ["admin@example.com", *(f"p{number}@example.com" for number in range(4))]


@pytest.mark.parametrize("query", ["cursor=zzz", "limit=0", "limit=many", "color=red"])
def test_a_query_that_makes_no_sense_is_named(common, query):
    refused = common(f"GET /people?{query}")

    assert (refused.status, refused.code) == (422, "request.bad_field")
    assert refused.body["details"]["field"] == query.split("=")[0]
