"""Signing in on the deployed stack: real tokens, the real authorizer, IAM enforced."""

import pytest
import urllib3

from local.client import Client, Problem
from local.users import DEMO

pytestmark = pytest.mark.stack

ADMIN, SUPERVISOR, AGENT = DEMO


@pytest.fixture
def call(stack):
    pool = urllib3.PoolManager()

    def send(method, path, body=None, **headers):
        return pool.request(method, f"{stack.url}/api/v1{path}", json=body, headers=headers)

    return send


def signed_in(call, user):
    answer = call("POST", "/session", {"email": user.email, "password": user.password})
    assert answer.status == 200, answer.data
    return answer


def bearer(answer):
    return f"Bearer {answer.json()['access_token']}"


@pytest.mark.parametrize("user", DEMO, ids=lambda user: user.role)
def test_each_demo_person_signs_in(call, people, user):
    answer = signed_in(call, user)

    me = call("GET", "/me", Authorization=bearer(answer))
    assert (me.status, me.json()["role"]) == (200, user.role)


def test_a_forged_token_is_refused_at_the_door(call, people):
    genuine = bearer(signed_in(call, SUPERVISOR))

    assert call("GET", "/me", Authorization=genuine[:-6] + "AAAAAA").status == 401
    assert call("GET", "/me").status == 401


def test_a_cookie_renews_and_signing_out_everywhere_ends_it(call, people):
    answer = signed_in(call, AGENT)
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    assert call("POST", "/session/refresh", Cookie=cookie).status == 200

    assert call("DELETE", "/session/all", Authorization=bearer(answer)).status == 204

    assert call("GET", "/me", Authorization=bearer(answer)).status == 401
    assert call("POST", "/session/refresh", Cookie=cookie).status == 401


def test_signing_out_of_one_browser_ends_its_cookie(call, people):
    cookie = signed_in(call, SUPERVISOR).headers["Set-Cookie"].split(";")[0]

    assert call("DELETE", "/session", Cookie=cookie).status == 204

    assert call("POST", "/session/refresh", Cookie=cookie).status == 401


def test_a_disabled_person_is_out_at_once(stack, call, people):
    admin = Client(stack.url)
    admin.sign_in(ADMIN.email, ADMIN.password)
    token = bearer(signed_in(call, AGENT))

    admin.patch(f"/people/{people['agent'].sub}", {"disabled": True})
    try:
        assert call("GET", "/me", Authorization=token).status == 401
        refused = call("POST", "/session", {"email": AGENT.email, "password": AGENT.password})
        assert refused.json()["code"] == "session.sign_in_failed"
    finally:
        admin.patch(f"/people/{people['agent'].sub}", {"disabled": False})


def test_an_admin_invites_somebody_who_then_chooses_a_password(stack, call, people):
    admin = Client(stack.url)
    admin.sign_in(ADMIN.email, ADMIN.password)

    person = admin.post(
        "/people", {"email": "nueva@recobro.test", "name": "Nueva", "role": "agent"}
    )
    stack.cloud.client("cognito-idp").admin_set_user_password(
        UserPoolId=stack.outputs["UserPoolId"],
        Username=person["person_id"],
        Password="Primera-vez-99",
        Permanent=False,
    )
    step = call("POST", "/session", {"email": "nueva@recobro.test", "password": "Primera-vez-99"})
    assert step.json()["challenge"] == "new_password"
    done = call(
        "POST",
        "/session/challenge",
        {
            "email": "nueva@recobro.test",
            "challenge": "new_password",
            "session": step.json()["session"],
            "answer": {"new_password": "Mi-propia-clave-1"},
        },
    )
    assert done.json()["me"]["person_id"] == person["person_id"]

    with pytest.raises(Problem) as refused:
        admin.post("/people", {"email": "nueva@recobro.test", "name": "Otra", "role": "agent"})
    assert refused.value.code == "person.email_taken"


def test_a_service_token_opens_one_portfolio(stack, call, people):
    supervisor = Client(stack.url)
    supervisor.sign_in(SUPERVISOR.email, SUPERVISOR.password)
    made = supervisor.post("/portfolios", {"name": "A", "creditor": "B", "country": "MX"})
    path = f"/portfolios/{made['portfolio_id']}"

    token = supervisor.post(f"{path}/tokens", {"name": "ERP"})

    bearer_token = f"Bearer {token['token']}"
    assert call("GET", path, Authorization=bearer_token).status == 200
    assert call("GET", "/people", Authorization=bearer_token).status == 403
