"""Where a door really is: proposed when several people's visits agree, taken by a supervisor."""

from dataclasses import replace

import pytest

from chalicelib.domain.case import PointQuality
from chalicelib.domain.errors import AddressNotFound, NotAllowed
from chalicelib.domain.people import Actor, Role
from chalicelib.services import visit_points
from tests.builders import NOW
from tests.visit_world import ANA, DOOR, METRE, Street, a_door

SUP = Actor(actor_id="user:sup", role=Role.SUPERVISOR, portfolios=("prt_test",))


def somebody(name):
    return Actor(actor_id=f"user:{name}", role=Role.AGENT, portfolios=("prt_test",))


@pytest.fixture
def street():
    """A door whose point is 60 m off: three people's visits say so."""
    street = Street()
    for number, who in enumerate(("ana", "luis", "mia")):
        street.report(
            actor=somebody(who), visit_id=f"vis_000000000{number}", metres=60 + number,
            device_id=f"dev_000000000{number}",
        )  # fmt: skip
    return street


def listed(street):
    return visit_points.listed("prt_test", actor=SUP, cases=street.cases, portfolios=street)


def decide(street, accept, actor=SUP, address_id=None):
    visit_points.decide(
        street.case_id, address_id or street.address_id, accept=accept, actor=actor,
        cases=street.cases, portfolios=street, now=NOW,
    )  # fmt: skip


def test_three_people_who_agree_propose_a_point(street):
    (shown,) = listed(street)

    assert shown["moved_m"] == pytest.approx(61, abs=0.5)
    assert shown["evidence"] == 3
    assert shown["proposed_radius_m"] < shown["radius_m"] == 100


def test_accepted_the_address_has_it_and_its_radius_and_the_tray_is_empty(street):
    decide(street, accept=True)

    (address,) = street.file.addresses
    assert address.lat == pytest.approx(DOOR[0] + 61 * METRE, abs=METRE)
    assert (address.quality, address.source) == (PointQuality.ROOFTOP, "visits")
    assert listed(street) == []
    visit = street.visit(visit_id="vis_0000000009", metres=61, device_id="dev_0000000009")
    assert visit.findings.verdict.radius_m == address.radius_m


def test_a_file_that_repeats_the_old_point_does_not_take_it_away(street):
    decide(street, accept=True)
    learned = street.file.addresses

    assert street.file.addresses[0].radius_m is not None
    with pytest.raises(AssertionError):  # nothing changed, so there is nothing to commit
        street.do(lambda draft: draft.put_address(a_door()))
    assert street.file.addresses == learned


def test_left_as_it_is_the_address_stays_until_there_is_more_evidence(street):
    before = street.file.addresses

    decide(street, accept=False)

    assert street.file.addresses == before
    assert listed(street) == []


def test_what_was_rejected_or_doubted_is_no_evidence(street):
    street.do(lambda d: d.review_visit("vis_0000000001", accepted=False, reason="x"))

    assert listed(street) == []
    assert visit_points.proposal(street.file.addresses[0], street.file.visits) is None


def test_an_agent_decides_nothing_and_an_address_must_be_there(street):
    with pytest.raises(NotAllowed):
        decide(street, accept=True, actor=ANA)
    with pytest.raises(AddressNotFound):
        decide(street, accept=True, address_id="adr_none")


def test_one_persons_visits_move_no_door():
    street = Street()
    for number in range(5):
        street.report(actor=replace(ANA), visit_id=f"vis_000000000{number}", metres=60 + number)

    assert listed(street) == []
