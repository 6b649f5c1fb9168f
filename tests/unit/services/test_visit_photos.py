"""A photo is taken in when it is the one that was reported, and wanted until then."""

import hashlib

import pytest

from chalicelib.domain.errors import VisitInvalid
from chalicelib.domain.scan import Given, ScanState
from chalicelib.domain.visit import VisitState
from chalicelib.services import photo_parts, visit_photos
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

    def write(self, key, body, *, content_type):
        self[key] = body

    def keys(self, prefix, *, most):
        return [key for key in sorted(self) if key.startswith(prefix)][:most]

    def remove(self, keys):
        for key in keys:
            self.pop(key, None)

    def view(self, key, *, expires_s):
        return f"https://b.example/{key}"

    def given(self, wanted, *, expires_s):
        return [Given(f"https://b.example/{one.key}", ScanState.OFF) for one in wanted]


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
            actor=ANA, cases=street.cases, portfolios=street, files=bucket, parts=bucket, now=NOW,
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
    assert ask() == {"have": True, "post": None, "parts": []}
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


# In parts

LARGE = bytes(range(256)) * 600  # 150 KB: two parts of 64 KB and the rest
CUT = [(0, 65_536), (65_536, 131_072), (131_072, 153_600)]


@pytest.fixture
def large(bucket):
    """Ask for a large photo's forms; ``large.send`` puts the parts of an answer into the bucket."""
    street = Street()
    digest = hashlib.sha256(LARGE).hexdigest()
    street.visit(photos=[PHOTO | {"sha256": digest, "bytes": len(LARGE)}])

    class Large:
        visit = property(lambda self: street.file.visits[0])
        key = visit_photos.key_of(street.case_id, VISIT, "pho_1")
        events = property(lambda self: [event.kind for event in street.file.events])

        def ask(self):
            return visit_photos.ask(
                VISIT, "pho_1", sha256=digest, size=len(LARGE), content_type="image/jpeg",
                actor=ANA, cases=street.cases, portfolios=street, files=bucket, parts=bucket,
                now=NOW,
            )  # fmt: skip

        def send(self, parts, picture=LARGE):
            for one in parts:
                bucket[one["post"]["fields"]["key"]] = picture[one["start"] : one["end"]]

        def told(self):
            return visit_photos.arrived(
                self.key, cases=street.cases, portfolios=street, files=bucket, now=NOW
            )

    return Large()


def spans(answer):
    return [(one["start"], one["end"]) for one in answer["parts"]]


def test_a_large_photo_is_sent_in_parts_and_put_together(large, bucket):
    first = large.ask()
    assert (first["have"], spans(first)) == (False, CUT)
    sizes = [one["post"]["fields"]["max_bytes"] for one in first["parts"]]
    assert sizes == [one["post"]["fields"]["min_bytes"] for one in first["parts"]]
    assert sum(sizes) == len(LARGE)
    assert first["post"]["fields"]["max_bytes"] == len(LARGE)  # in one piece, as before
    large.send(first["parts"])

    assert large.ask() == {"have": True, "post": None, "parts": []}

    assert bucket == {large.key: LARGE}  # no part is left behind
    assert large.visit.state is VisitState.COMPLETE
    assert not large.told()  # the bucket's own event changes nothing any more
    assert large.events.count("visit.photo") == 1


def test_after_a_break_only_what_has_not_come_is_asked_for(large):
    large.send(large.ask()["parts"][:2])

    again = large.ask()

    assert spans(again) == CUT[2:]
    large.send(again["parts"])
    assert large.ask()["have"]


def test_a_photo_put_together_is_had_though_its_answer_was_lost(large, bucket):
    large.send(large.ask()["parts"])
    large.ask()
    del bucket[large.key]  # and nothing is looked up again

    assert large.ask() == {"have": True, "post": None, "parts": []}


def test_parts_of_another_picture_are_noted_and_begun_anew(large, bucket):
    large.send(large.ask()["parts"], LARGE[::-1])

    assert spans(large.ask()) == CUT

    assert [one.problem for one in large.visit.arrived] == ["digest"]
    assert large.visit.wanted == ("pho_1",)
    assert list(bucket) == [large.key]
    large.send(large.ask()["parts"])
    assert large.ask()["have"]
    assert large.visit.state is VisitState.COMPLETE


def test_a_part_that_went_away_meanwhile_begins_the_photo_anew(large, bucket):
    large.send(large.ask()["parts"])
    read = bucket.read
    bucket.read = lambda key: None if key.endswith("00153600") else read(key)

    assert spans(large.ask()) == CUT
    assert large.visit.wanted == ("pho_1",)


@pytest.mark.parametrize("size", [1, 65_536, 65_537, 300_000, 10_000_000])
def test_parts_cover_the_photo_once_and_are_never_many(size):
    cut = photo_parts.pieces("c", "v", "p", sha256="a" * 64, size=size)

    assert len(cut) <= photo_parts.MOST
    assert [one.start for one in cut][1:] == [one.end for one in cut][:-1]
    assert not cut or (cut[0].start, cut[-1].end) == (0, size)
    assert bool(cut) == (size > photo_parts.PART)


def test_the_photo_of_a_receipt_is_beside_the_payment_that_was_told(bucket):
    street = Street()
    street.visit(
        photos=[REPORTED | {"kind": "receipt"}],
        payment_report={
            "amount_minor": 100, "paid_on": "2026-11-20", "reference": "", "photo_id": "pho_1",
        },
    )  # fmt: skip
    key = visit_photos.key_of(street.case_id, VISIT, "pho_1")
    (told,) = street.file.reported
    assert told.evidence == ()

    for _ in range(2):
        bucket[key] = PICTURE
        visit_photos.arrived(key, cases=street.cases, portfolios=street, files=bucket, now=NOW)

    (told,) = street.file.reported
    assert [(one.key, one.sha256) for one in told.evidence] == [(key, REPORTED["sha256"])]


def test_another_photo_of_the_visit_is_not(street, send):
    send()
    assert street.file.reported == ()
