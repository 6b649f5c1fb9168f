"""Links that people hand over: told once, taken back at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import debtor_link
from chalicelib.domain.errors import BadField, CaseNotFound, LinkExpired, NotAllowed
from chalicelib.domain.links_of_case import LinksOfCase
from chalicelib.domain.people import Actor, Role
from chalicelib.services import debtor_links
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of
from tests.contact_world import OnePortfolio
from tests.fakes import MemoryCases

KEY = b"k" * 32
ANA = Actor(actor_id="user:ana", role=Role.AGENT, portfolios=("prt_test",), name="Ana")
LATER = NOW + timedelta(days=1)


class Links:
    def __init__(self):
        self.known = LinksOfCase()

    def links(self, case_id):
        return self.known

    def change_links(self, before, after, *, case_id):
        if before.version != self.known.version:
            return False
        self.known = after
        return True


@pytest.fixture
def world():
    cases = MemoryCases()
    cases.commit(change_of(a_draft(a_debt())))
    return {
        "links": Links(),
        "names": lambda ids: dict.fromkeys(ids, "Ana"),
        "actor": ANA,
        "cases": cases,
        "portfolios": OnePortfolio(a_portfolio()),
        "now": NOW,
    }


@pytest.fixture
def case_id(world):
    return next(iter(world["cases"].files))


def url(case_id, at, lasts):
    return "https://x.example/pagar/a/" + debtor_link.written(case_id, KEY, now=at, lasts=lasts)


def make(case_id, world, days=30):
    return debtor_links.make(case_id, days=days, url=url, key=KEY, **world)


def read(made):
    return debtor_link.read(made["url"].rpartition("/")[2], KEY)


def works(world, made, now=LATER):
    return world["links"].known.works(read(made), now)


def test_a_link_is_told_once_and_stands_on_the_timeline(case_id, world):
    made = make(case_id, world)

    assert read(made).until == NOW + timedelta(days=30)
    shown = debtor_links.page(case_id, **world)
    assert "url" not in shown
    assert read(made).link_id == shown["items"][0]["link_id"]
    assert shown["items"][0]["made_by"] == {"id": "user:ana", "name": "Ana"}
    assert world["cases"].open(case_id).events[-1].kind == "link.made"


def test_one_is_taken_back_and_the_others_go_on(case_id, world):
    first = make(case_id, world)
    second = make(case_id, world | {"now": NOW + timedelta(minutes=1)}, days=60)

    debtor_links.revoke(case_id, read(first).link_id, **world)

    assert (works(world, first), works(world, second)) == (False, True)


def test_all_are_taken_back_those_of_messages_too(case_id, world):
    sent = {"url": url(case_id, NOW, debtor_link.LASTS)}
    made = make(case_id, world)

    debtor_links.revoke(case_id, "all", **world)

    assert (works(world, sent), works(world, made)) == (False, False)
    assert works(world, make(case_id, world))  # in the same second, yet made after
    assert not world["links"].known.lets_in(NOW, "")


def test_taking_back_twice_says_it_once(case_id, world):
    made = read(make(case_id, world)).link_id

    for _ in range(2):
        debtor_links.revoke(case_id, made, **world)

    kinds = [event.kind for event in world["cases"].open(case_id).events]
    assert kinds.count("link.revoked") == 1


@pytest.mark.parametrize("days", [0, 91])
def test_it_lasts_three_months_at_most(case_id, world, days):
    with pytest.raises(BadField):
        make(case_id, world, days=days)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (replace(ANA, portfolios=("prt_other",)), CaseNotFound),
        (replace(ANA, role=Role.SERVICE), NotAllowed),
        (Actor(actor_id="debtor:cas_1", role=Role.DEBTOR, portfolios=()), NotAllowed),
    ],
    ids=["of another portfolio", "a system", "a debtor"],
)
def test_strangers_make_none(case_id, world, actor, refusal):
    with pytest.raises(refusal):
        make(case_id, world | {"actor": actor})


def test_what_is_not_there_cannot_be_taken_back(case_id, world):
    with pytest.raises(LinkExpired):
        debtor_links.revoke(case_id, "none", **world)
