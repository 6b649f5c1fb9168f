"""Photos nobody was told of are found by the clock; for those that stay away somebody is asked."""

import hashlib
from datetime import timedelta

import pytest

from chalicelib.domain.people import Actor, Role
from chalicelib.domain.visit import Standing, VisitState
from chalicelib.services import photo_sweep, visit_photos, visit_review
from chalicelib.store.case_keys import list_shard
from tests.builders import NOW
from tests.visit_world import PHOTO, Street

PICTURE = b"\xff\xd8\xff jpeg"
REPORTED = PHOTO | {"sha256": hashlib.sha256(PICTURE).hexdigest(), "bytes": len(PICTURE)}
OTHER = REPORTED | {"photo_id": "pho_2"}
EVA = Actor(actor_id="user:eva", role=Role.SUPERVISOR, portfolios=("prt_test",))
VISIT = "vis_0000000001"
SOON = NOW + timedelta(minutes=20)
NEXT_DAY = NOW + timedelta(hours=24)


class Bucket(dict[str, bytes]):
    def read(self, key):
        return self.get(key)

    def size(self, key):
        return len(self[key]) if key in self else None


class World:
    def __init__(self):
        self.street = Street()
        self.bucket = Bucket()
        self.messages = []

    def send(self, messages):
        self.messages += messages

    def put(self, photo_id="pho_1", picture=PICTURE):
        """Let a photo reach the bucket, which tells nobody."""
        self.bucket[visit_photos.key_of(self.street.case_id, VISIT, photo_id)] = picture

    def look(self, now, *, time_left_s=60.0, cursor=None):
        return photo_sweep.look(
            list_shard(self.street.case_id),
            cursor=cursor,
            cases=self.street.cases,
            portfolios=self.street,
            files=self.bucket,
            work=self,
            now=now,
            time_left_s=lambda: time_left_s,
        )

    @property
    def visit(self):
        (visit,) = self.street.file.visits
        return visit


@pytest.fixture
def world():
    return World()


def test_a_photo_whose_event_was_lost_is_taken_in(world):
    world.street.visit(photos=[REPORTED])
    world.put()

    assert world.look(SOON) == {"found": 1, "late": 0}
    assert (world.visit.state, world.visit.wanted) == (VisitState.COMPLETE, ())
    assert world.look(SOON) == {"found": 0, "late": 0}


def test_a_phone_that_still_sends_is_not_disturbed(world):
    world.street.visit(photos=[REPORTED])
    world.put()

    assert world.look(NOW + timedelta(minutes=14)) == {"found": 0, "late": 0}


def test_what_is_missing_a_day_later_is_put_before_a_person_once(world):
    world.street.visit(photos=[REPORTED, OTHER])
    world.put("pho_1")
    before = world.visit.findings.doubts

    assert world.look(NEXT_DAY - timedelta(minutes=1)) == {"found": 1, "late": 0}
    assert world.visit.findings.doubts == before
    assert world.look(NEXT_DAY) == {"found": 0, "late": 1}
    assert world.visit.findings.doubts == (*before, "photos")
    assert world.visit.standing is Standing.REVIEW
    assert world.look(NEXT_DAY) == {"found": 0, "late": 0}
    (told,) = [e for e in world.street.file.events if e.kind == "visit.photos_late"]
    assert told.facts["photos"] == ["pho_2"]


def test_when_they_come_after_all_nobody_need_look(world):
    world.street.visit(photos=[REPORTED])
    before = (world.visit.standing, world.visit.findings.doubts)
    world.look(NEXT_DAY)
    world.put()

    key = visit_photos.key_of(world.street.case_id, VISIT, "pho_1")
    visit_photos.arrived(
        key, cases=world.street.cases, portfolios=world.street, files=world.bucket, now=NEXT_DAY
    )

    assert (world.visit.standing, world.visit.findings.doubts) == before


def test_what_a_person_decided_meanwhile_stays_decided(world):
    world.street.visit(photos=[REPORTED])
    visit_review.review(
        world.street.case_id, VISIT, accept=True, reason="", actor=EVA,
        cases=world.street.cases, portfolios=world.street, now=NOW,
    )  # fmt: skip

    world.look(NEXT_DAY)

    assert world.visit.standing is Standing.ACCEPTED


def test_another_picture_in_its_place_is_told_once_and_still_wanted(world):
    world.street.visit(photos=[REPORTED])
    world.put(picture=PICTURE + b"x")

    assert world.look(SOON)["found"] == 1
    assert world.look(SOON)["found"] == 0
    assert world.visit.wanted == ("pho_1",)
    kinds = [event.kind for event in world.street.file.events]
    assert kinds.count("visit.photo_refused") == 1


def test_every_shard_is_looked_at_and_time_that_runs_out_leaves_a_message(world):
    photo_sweep.start(world)
    assert [message["shard"] for message in world.messages] == list(range(8))
    world.messages = []
    for number in range(51):
        world.street.visit(
            visit_id=f"vis_{number:010d}", photos=[REPORTED | {"photo_id": f"pho_{number}"}]
        )

    assert world.look(SOON, time_left_s=1.0) == {"found": 0, "late": 0}

    (left,) = world.messages
    assert left["step"] == "photos"
    assert left["cursor"]
    world.look(SOON, time_left_s=1.0, cursor=left["cursor"])
    assert world.messages == [left]
