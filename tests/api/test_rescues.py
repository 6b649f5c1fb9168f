"""What the phone of an agent who left could not send, brought by who manages them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Role
from tests.api.cloud import put_case
from tests.api.conftest import sign_in
from tests.visit_world import PHOTO, Phone, a_door, a_report

DEVICE = "dev_0000000001"
NOW = datetime.now(UTC) - timedelta(minutes=1)
VISIT = "vis_0000000001"


@pytest.fixture
def portfolio_id(api, admin):
    new = {"name": "Tarjetas", "creditor": "Banco", "country": "MX"}
    return api("POST /portfolios", new, token=admin).body["portfolio_id"]


@pytest.fixture
def case_id(portfolio_id):
    case_id = put_case(portfolio_id, date(2026, 1, 15))
    portfolio = wiring.portfolios().get(portfolio_id)
    draft = Draft(wiring.cases().open(case_id), portfolio, actor="system", now=datetime.now(UTC))
    draft.put_address(a_door())
    wiring.cases().commit(draft.change())
    return case_id


@pytest.fixture
def boss(api, cloud, portfolio_id):
    return sign_in(api, cloud, "eva@example.com", Role.SUPERVISOR, portfolios=(portfolio_id,))


@pytest.fixture
def stranger(api, admin, cloud):
    """A supervisor of another portfolio."""
    new = {"name": "Autos", "creditor": "Otro", "country": "MX"}
    other = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    return sign_in(api, cloud, "leo@example.com", Role.SUPERVISOR, portfolios=(other,))


class Left:
    """An agent with a phone, and what it signed."""

    def __init__(self, api, admin, cloud, case_id):
        self.api, self.admin = api, admin
        file = wiring.cases().open(case_id)
        scope = (file.head.portfolio_id,)
        token = sign_in(api, cloud, "ana@example.com", Role.AGENT, portfolios=scope)
        self.person_id = api("GET /me", token=token).body["person_id"]
        self.phone = Phone()
        body = {"device_id": DEVICE, "name": "Moto", "public_key": self.phone.jwk}
        api("POST /field/devices", body | {"platform": "Android"}, token=token)
        self.values = {"case_id": case_id, "address_id": file.addresses[0].address_id, "now": NOW}

    def leave(self):
        path = f"PATCH /people/{self.person_id}"
        assert self.api(path, {"disabled": True}, token=self.admin).status == 200

    def visit(self, token, change=lambda raw: raw, of=None, **values):
        raw, signature = self.phone.signed(a_report(**self.values | values))
        sent = {"X_Recobro_Signature": signature, "X_Recobro_Of": of or self.person_id}
        return self.api("POST /field/visits", raw=change(raw), token=token, **sent)

    def outline(self, token, *visits, of=None):
        body = {"person_id": of or self.person_id, "visits": list(visits)}
        return self.api("POST /field/rescues", body, token=token)


@pytest.fixture
def left(api, admin, cloud, case_id):
    one = Left(api, admin, cloud, case_id)
    one.leave()
    return one


def test_a_visit_is_taken_in_as_the_agents_once_and_says_who_brought_it(api, boss, left, case_id):
    assert left.outline(boss, VISIT).body["visits"] == []
    first, again = left.visit(boss), left.visit(boss)

    assert (first.status, again.status) == (201, 200)
    assert first.body["verdict"]["verdict"] == "verified"
    assert left.outline(boss, VISIT, "vis_none").body == {
        "person": {"id": left.person_id, "name": "Ana"},
        "visits": [{"visit_id": VISIT, "photos_wanted": []}],
    }
    (visit,) = wiring.cases().open(case_id).visits
    assert visit.person_id == left.person_id
    page = api(f"GET /cases/{case_id}/timeline", token=boss).body["items"]
    told = [one for one in page if one["kind"] == "visit.received"]
    me = api("GET /me", token=boss).body
    assert [one["actor"]["id"] for one in told] == [f"user:{left.person_id}"]
    assert told[0]["facts"]["brought_by"] == f"user:{me['person_id']}"
    assert told[0]["actor"]["name"] == f"Ana · {me['name']}"


def test_what_follows_a_visit_says_it_too(api, boss, left, case_id):
    promise = {"promise_id": "pro_phone_1", "amount_minor": 50_000}
    due_on = str((NOW + timedelta(days=5)).date())
    values = {"disposition": "promise_made", "promise": promise | {"due_on": due_on}}

    assert left.visit(boss, **values).status == 201
    events = wiring.cases().open(case_id).events
    made = [one for one in events if one.kind in ("visit.received", "promise.made")]
    assert made
    assert all("brought_by" in one.facts for one in made)


def test_a_byte_that_was_changed_is_refused_and_nothing_is_written(boss, left, case_id):
    refused = left.visit(boss, change=lambda raw: raw.replace(b"message_left", b"promise_made"))

    assert (refused.status, refused.code) == (403, "visit.signature_invalid")
    assert wiring.cases().open(case_id).visits == ()


def test_of_who_is_still_here_nobody_brings_anything(api, admin, cloud, boss, case_id):
    here = Left(api, admin, cloud, case_id)

    for answer in (here.outline(boss), here.visit(boss)):
        assert (answer.status, answer.code) == (409, "rescue.still_here")


def test_what_is_of_another_portfolio_or_of_nobody_is_told_apart_by_nothing(left, boss, stranger):
    answers = (
        left.outline(stranger),
        left.visit(stranger),
        left.outline(boss, of="sub-none"),
        left.visit(boss, of="sub-none"),
    )
    assert {(one.status, one.code) for one in answers} == {(404, "person.not_found")}


def test_a_case_outside_of_what_both_share_is_not_found(api, admin, boss, left):
    new = {"name": "Hogar", "creditor": "Tercero", "country": "MX"}
    other = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    api(f"PATCH /people/{left.person_id}", {"portfolios": [other]}, token=admin)
    theirs = put_case(other, date(2026, 1, 15))

    assert left.visit(admin, case_id=theirs).status == 201
    assert left.visit(boss, visit_id="vis_0000000002", case_id=theirs).code == "person.not_found"


def test_an_agent_brings_nothing_of_another(api, cloud, left, portfolio_id):
    mate = sign_in(api, cloud, "luis@example.com", Role.AGENT, portfolios=(portfolio_id,))

    for answer in (left.outline(mate), left.visit(mate)):
        assert (answer.status, answer.code) == (403, "actor.not_allowed")


def test_elsewhere_the_name_of_another_opens_nothing(api, boss, left):
    me = api("GET /me", token=boss).body["person_id"]

    assert api("GET /me", token=boss, X_Recobro_Of=left.person_id).body["person_id"] == me
    deposit = api("POST /field/cash/deposits", {}, token=boss, X_Recobro_Of=left.person_id)
    assert deposit.status == 422, "who counts what was handed in must not declare it"


def test_photos_shifts_and_positions_come_as_the_agents(api, boss, left):
    left.visit(boss, photos=[PHOTO])
    photo = {"visit_id": VISIT, "photo_id": "pho_1", "content_type": "image/jpeg"}
    photo |= {"sha256": PHOTO["sha256"], "bytes": PHOTO["bytes"]}
    as_theirs = {"X_Recobro_Of": left.person_id}
    assert "post" in api("POST /field/photos", photo, token=boss, **as_theirs).body
    assert api("POST /field/photos", photo, token=boss).status == 404

    began = NOW - timedelta(hours=1)
    shift = {"shift_id": "shf_000000001", "started_at": began.isoformat(), "device_id": DEVICE}
    assert api("POST /field/shifts", shift, token=boss, **as_theirs).status == 201
    point = {"at": NOW.isoformat(), "lat": 19.43, "lng": -99.13, "accuracy_m": 8}
    pings = {"device_id": DEVICE, "case_id": None, "points": [point]}
    for _ in range(2):
        taken = api("POST /field/pings", pings, token=boss, **as_theirs)
        assert taken.body["accepted"] == 1


def test_the_access_log_says_who_loaded_whose_file(api, admin, boss, left, portfolio_id):
    left.outline(boss, VISIT)

    today = datetime.now(UTC).date()
    days = f"first={today - timedelta(days=1)}&last={today + timedelta(days=1)}"
    log = api(f"GET /portfolios/{portfolio_id}/access-log?{days}", token=admin).body["items"]
    assert [(one["of"], one["kind"]) for one in log] == [(left.person_id, "rescue.opened")]
