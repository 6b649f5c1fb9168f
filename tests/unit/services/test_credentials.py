"""A code at the door: it names the agent while it works, and says nothing when it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.credential import LASTS
from chalicelib.domain.errors import CredentialNotValid, TooManyAttempts
from chalicelib.domain.people import Person, Role
from chalicelib.domain.portfolio import Identification
from chalicelib.services import credentials
from chalicelib.store.credentials import CredentialStore, TurnStore
from tests import engines
from tests.builders import NOW, a_portfolio
from tests.visit_world import ANA

PERSON = Person(
    person_id="ana", email="ana@example.mx", name="Ana Torres", role=Role.AGENT,
    portfolios=("prt_test",), photo_key="media/people/a.webp",
)  # fmt: skip


class Desk:
    """An agent, the portfolio she works for, and the real store on moto."""

    def __init__(self, wire):
        self.credentials = CredentialStore(wire, engines.WORK)
        self.turns = TurnStore(wire, engines.WORK)
        self.person = PERSON
        known = Identification(agency="Cobranza Clara SC", creditor="Banco del Norte SA")
        self.portfolio = replace(a_portfolio(), identification=known)

    def get(self, person_id):
        return self.person if person_id == "ana" else None

    def some(self, portfolio_ids):
        return [self.portfolio] if "prt_test" in portfolio_ids else []

    def mine(self, now=NOW, **more):
        return credentials.mine(
            actor=ANA, credentials=self.credentials, people=self, now=now, **more
        )

    def shown(self, value, now=NOW, asker="203.0.113.9"):
        return credentials.shown(
            value, asker=asker, credentials=self.credentials, turns=self.turns, people=self,
            portfolios=self, now=now,
        )  # fmt: skip


@pytest.fixture(scope="module")
def endpoint():
    with engines.moto() as endpoint:
        engines.make_empty_tables(endpoint)
        yield endpoint


@pytest.fixture
def desk(endpoint):
    desk = Desk(engines.wire_to(endpoint))
    yield desk
    desk.credentials.end("ana")


def test_code_and_address_name_the_agent_and_no_debt(desk):
    given = desk.mine()

    told = desk.shown(f" {given['code'][:3]} {given['code'][3:]}")

    assert told == desk.shown(given["url"].partition("#")[2])
    assert told == {
        "name": "Ana Torres",
        "photo": "/media/people/a.webp",
        "agencies": ["Cobranza Clara SC"],
        "creditors": ["Banco del Norte SA"],
        "expires_at": given["expires_at"],
    }


def test_it_stays_the_same_for_the_day_and_is_another_afterwards(desk):
    first = desk.mine()
    assert desk.mine(NOW + timedelta(hours=9)) == first

    second = desk.mine(NOW + timedelta(hours=11))

    assert second["url"] != first["url"]
    with pytest.raises(CredentialNotValid):
        desk.shown(first["url"].partition("#")[2], NOW + timedelta(hours=11))


def test_wrong_old_and_disabled_are_answered_alike(desk):
    code = desk.mine()["code"]
    refusals = []
    for value, now in (("000000" if code != "000000" else "000001", NOW), (code, NOW + LASTS)):
        with pytest.raises(CredentialNotValid) as refused:
            desk.shown(value, now, asker=value)
        refusals.append(refused.value.details)
    desk.person = replace(PERSON, disabled=True)
    with pytest.raises(CredentialNotValid) as refused:
        desk.shown(code)

    assert [*refusals, refused.value.details] == [{}, {}, {}]


def test_an_ended_one_works_no_more(desk):
    code = desk.mine()["code"]
    desk.credentials.end("ana")

    with pytest.raises(CredentialNotValid):
        desk.shown(code)


def test_a_code_that_is_somebodys_is_not_given_again(desk):
    desk.mine(below=lambda _: 7)
    rolled = iter([7, 7, 8])
    other = replace(ANA, actor_id="user:luis")

    given = credentials.mine(
        actor=other, credentials=desk.credentials, people=desk, now=NOW,
        below=lambda _: next(rolled),
    )  # fmt: skip

    assert given["code"] == "000008"
    desk.credentials.end("luis")


def test_who_tries_many_is_stopped_and_others_are_not(desk):
    code = desk.mine()["code"]
    for _ in range(10):
        with pytest.raises(CredentialNotValid):
            desk.shown("nothing", asker="198.51.100.1")

    with pytest.raises(TooManyAttempts):
        desk.shown(code, asker="198.51.100.1")
    assert desk.shown(code, asker="198.51.100.2")["name"] == "Ana Torres"
