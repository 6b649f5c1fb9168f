"""A photo is taken in when it is the one that was reported, and wanted until then."""

import hashlib

import pytest

from chalicelib.domain.errors import VisitInvalid
from chalicelib.domain.visit import VisitState
from chalicelib.services import visit_photos
from tests.builders import NOW
from tests.visit_world import ANA, PHOTO, Street

PICTURE = b"\xff\xd8\xff jpeg"
REPORTED = PHOTO | {"sha256": hashlib.sha256(PICTURE).hexdigest(), "bytes": len(PICTURE)}
VISIT = "vis_0000000001"
SIZE = len(PICTURE)


class Bucket(dict[str, bytes]):
    def post_form(self, key, **asked):
        return {"url": "https://b.example", "fields": {"key": key} | asked}

    def read(self, key):
        return self.get(key)

    def view(self, key, *, expires_s):
        return f"https://b.example/{key}"


@pytest.fixture
def street():
    street = Street()
    street.visit(photos=[REPORTED])
    return street


@pytest.fixture
def bucket():
    return Bucket()


@pytest.fixture
def ask(street, bucket):
    def ask(photo_id="pho_1", sha256=REPORTED["sha256"], size=SIZE, kind="image/jpeg"):
        return visit_photos.ask(
            VISIT, photo_id, sha256=sha256, size=size, content_type=kind,
            actor=ANA, cases=street.cases, files=bucket,
        )  # fmt: skip

    return ask


@pytest.fixture
def send(street, bucket):
    def send(picture=PICTURE, photo_id="pho_1"):
        key = visit_photos.key_of(street.case_id, VISIT, photo_id)
        bucket[key] = picture
        return visit_photos.arrived(
            key, cases=street.cases, portfolios=street, files=bucket, now=NOW
        )

    return send


def test_the_form_takes_that_very_length_at_that_very_place(street, ask):
    fields = ask()["post"]["fields"]

    assert fields["key"] == f"visits/{street.case_id}/{VISIT}/pho_1.jpg"
    assert fields["min_bytes"] == fields["max_bytes"] == len(PICTURE)


def test_when_it_is_here_the_visit_is_complete_and_nothing_more_is_asked(street, ask, send):
    assert send()

    (visit,) = street.file.visits
    assert visit.state is VisitState.COMPLETE
    assert ask() == {"have": True, "post": None}
    assert not send()  # the event came twice


@pytest.mark.parametrize(
    ("picture", "problem"), [(PICTURE + b"!", "size"), (PICTURE[::-1], "digest")]
)
def test_another_picture_is_noted_and_the_real_one_wanted(street, ask, send, picture, problem):
    send(picture)

    (visit,) = street.file.visits
    assert [one.problem for one in visit.arrived] == [problem]
    assert visit.wanted == ("pho_1",)
    assert not ask()["have"]

    send()
    assert street.file.visits[0].state is VisitState.COMPLETE


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"photo_id": "pho_9"}, "photo_id"),
        ({"sha256": "b" * 64}, "sha256"),
        ({"size": 4}, "bytes"),
        ({"kind": "text/html"}, "content_type"),
    ],
)
def test_only_what_was_reported_gets_a_form(ask, asked, field):
    with pytest.raises(VisitInvalid) as refused:
        ask(**asked)

    assert [one["field"] for one in refused.value.details["fields"]] == [field]


@pytest.mark.parametrize(
    "key", ["visits/cas_0/vis_1/pho_1.jpg", "visits/a.jpg", "in/cas_0/vis_1/pho_1.jpg"]
)
def test_what_is_no_visits_photo_changes_nothing(street, bucket, key):
    bucket[key] = PICTURE

    assert not visit_photos.arrived(
        key, cases=street.cases, portfolios=street, files=bucket, now=NOW
    )
