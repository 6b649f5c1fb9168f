"""Signing in and inviting on the deployed stack, with IAM enforced."""

import json
import time
import urllib.request

import pytest

from local.client import Client, Problem

pytestmark = pytest.mark.stack


@pytest.fixture
def admin(stack, people):
    client = Client(stack.url)
    client.sign_in(people["admin"].email, people["admin"].password)
    return client


def sent_to(stack, address):
    with urllib.request.urlopen(f"{stack.url}/_local/messages.json", timeout=30) as answer:
        return [m for m in json.load(answer) if m["to"] == address]


def test_a_wrong_password_is_refused(stack, people):
    with pytest.raises(Problem) as refused:
        Client(stack.url).sign_in(people["agent"].email, "Not-The-One-2026")

    assert refused.value.status == 401


def test_an_invitation_arrives_with_a_first_password(stack, admin):
    address = f"inv{time.time_ns()}@recobro.test"
    admin.post(
        "/people",
        {
            "email": address,
            "name": "Inés Ibarra",
            "role": "agent",
            "portfolios": [],
            "team": "",
            "language": "es",
        },
    )

    (letter,) = sent_to(stack, address)
    assert f"{stack.url}/panel/" in letter["text"]
    assert "contraseña temporal" in letter["text"]


def test_only_an_admin_sees_people(stack, people):
    agent = Client(stack.url)
    agent.sign_in(people["agent"].email, people["agent"].password)

    with pytest.raises(Problem) as refused:
        agent.get("/people")
    assert refused.value.status == 403
