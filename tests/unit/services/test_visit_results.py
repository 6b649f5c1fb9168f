"""A visit's result is mailed at once, once, to who should have it; its links end."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contact import NotSent, Receipt
from chalicelib.domain.errors import LinkExpired
from chalicelib.domain.people import Person, Role
from chalicelib.geo.point import Point
from chalicelib.messages.sketch import TRAIL
from chalicelib.services import visit_photos, visit_results
from chalicelib.visits.trust import Ping
from tests.builders import NOW
from tests.unit.services.test_visit_photos import PICTURE, REPORTED, Bucket
from tests.unit.services.test_visit_sketch import colours
from tests.visit_world import DOOR, METRE, Street, Trail

VISIT = "vis_0000000001"
KEY = b"k" * 32
PROMISE = {"promise_id": "pro_phone_1", "amount_minor": 50_000, "due_on": "2026-11-30"}


def person(person_id, team, **values):
    base = {
        "person_id": person_id, "email": f"{person_id}@example.mx", "name": person_id.title(),
        "role": Role.SUPERVISOR, "portfolios": ("prt_test",), "team": team,
    }  # fmt: skip
    return Person(**base | values)


ANA = person("ana", "Norte", role=Role.AGENT)


class Post:
    """Supervisors, an agent, and a mailbox."""

    def __init__(self, street):
        self.street = street
        self.supervisors = [
            person("sol", "Norte", language="en"),
            person("luis", "Sur"),
            person("eva", "Norte", portfolios=("prt_other",)),
            person("ivo", "Norte", disabled=True),
        ]
        self.sent, self.problems, self.refuses = [], [], False
        self.trail = Trail()

    def get(self, person_id):
        return ANA if person_id == "ana" else None

    def send(self, message):
        if self.refuses:
            raise NotSent("throttled")
        self.sent.append(message)
        return Receipt(provider="ses", provider_id=f"m{len(self.sent)}")

    def tell(self):
        means = visit_results.Means(
            cases=self.street.cases, portfolios=self.street, people=self,
            supervisors=lambda: self.supervisors, trails=self.trail, sender=self,
            site="https://r.example", key=KEY, problem=self.problems.append,
        )  # fmt: skip
        return visit_results.tell(self.street.case_id, VISIT, means=means, now=NOW)


@pytest.fixture
def street():
    street = Street()
    policies = street.portfolio.policies
    field = replace(policies.field, visit_results_to=("banco@example.com",))
    street.portfolio = replace(street.portfolio, policies=replace(policies, field=field))
    return street


@pytest.fixture
def post(street):
    return Post(street)


def test_the_team_and_the_creditor_are_told_once(street, post):
    street.visit(promise=PROMISE, disposition="promise", met={"who": "holder", "name": ""})

    assert (post.tell(), post.tell()) == (2, 0)
    assert [m.content.to for m in post.sent] == ["sol@example.mx", "banco@example.com"]
    english, spanish = (m.content for m in post.sent)
    assert "Promise: MX$500.00 · November 30, 2026" in english.text
    assert "Promesa: $500.00 · 30 de noviembre de 2026" in spanish.text
    assert "https://www.openstreetmap.org/?mlat=19.43" in spanish.text
    assert "Atendió: el titular" in spanish.text
    assert "<script" not in spanish.html


def test_where_the_phone_was_is_drawn_and_the_agents_way_for_supervisors_alone(street, post):
    post.trail += [
        Ping(at=NOW - timedelta(minutes=n), point=Point(DOOR[0] + n * METRE, DOOR[1]),
             accuracy_m=5.0)
        for n in range(8, 0, -1)
    ]  # fmt: skip
    street.visit(metres=30.0)

    post.tell()

    english, spanish = post.sent
    for one in (english, spanish):
        ((name, media_type, png),) = one.pictures
        assert (media_type, len(png) < 20_000) == ("image/png", True)
        assert f"cid:{name}" in one.content.html
    assert TRAIL in colours(english.pictures[0][2])
    assert TRAIL not in colours(spanish.pictures[0][2])
    assert "The phone was 30 m from the door; the radius is" in english.content.html


def test_without_a_supervisor_of_the_team_all_who_see_it_are_told(street, post):
    street.visit()
    post.supervisors = [person("luis", "Sur"), person("mia", "Sur")]

    post.tell()

    told = [m.content.to for m in post.sent]
    assert told == ["luis@example.mx", "mia@example.mx", "banco@example.com"]


def test_what_the_debtor_is_called_cannot_write_html(street, post):
    street.do(lambda draft: draft.describe(name="<b>José</b>"))
    street.visit(note="<img src=x>")

    post.tell()

    assert "<img src=x" not in post.sent[0].content.html
    assert "&lt;b&gt;José" in post.sent[0].content.html


def test_an_email_that_did_not_go_is_told_and_not_sent_again(street, post):
    street.visit()
    post.refuses = True

    assert post.tell() == 0
    post.refuses = False
    assert post.tell() == 0
    assert post.problems == ["throttled", "throttled"]


def photo(street, token, now=NOW, bucket=None):
    return visit_results.photo(
        token, key=KEY, cases=street.cases, files=bucket or Bucket(), now=now
    )


def test_a_link_to_a_photo_works_when_it_has_come_and_for_two_weeks(street, post):
    assert hashlib.sha256(PICTURE).hexdigest() == REPORTED["sha256"]
    street.visit(photos=[REPORTED])
    post.tell()
    (url,) = (w for w in post.sent[0].content.text.split() if "/visit-photos/" in w)
    token = url.rpartition("/")[2]
    with pytest.raises(LinkExpired):
        photo(street, token)
    key = visit_photos.key_of(street.case_id, VISIT, "pho_1")
    bucket = Bucket({key: PICTURE})
    visit_photos.arrived(key, cases=street.cases, portfolios=street, files=bucket, now=NOW)

    assert photo(street, token).endswith(key)
    for bad, now in ((token, NOW + timedelta(days=16)), (f"{token}x", NOW), ("a.b", NOW)):
        with pytest.raises(LinkExpired):
            photo(street, bad, now)
