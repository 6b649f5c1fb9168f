"""The field's side of visits over HTTP: a phone registers, signs, reports, is told."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib import wiring
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Role
from chalicelib.geo.cells import cell_of
from tests.api.cloud import put_case
from tests.api.conftest import sign_in
from tests.visit_world import PHOTO, Phone, a_door, a_report

DEVICE = "dev_0000000001"
NOW = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture
def case_id(portfolio_id):
    case_id = put_case(portfolio_id, date(2026, 1, 15))
    file = wiring.cases().open(case_id)
    portfolio = wiring.portfolios().get(portfolio_id)
    draft = Draft(file, portfolio, actor="system", now=datetime.now(UTC))
    draft.put_address(a_door())
    wiring.cases().commit(draft.change())
    return case_id


@pytest.fixture
def agent(api, cloud, portfolio_id):
    return sign_in(api, cloud, "ana@example.com", Role.AGENT, portfolios=(portfolio_id,))


@pytest.fixture
def phone(api, agent):
    phone = Phone()
    body = {"device_id": DEVICE, "name": "Moto", "public_key": phone.jwk, "platform": "Android"}
    assert api("POST /field/devices", body, token=agent).status == 201
    return phone


@pytest.fixture
def report(api, agent, phone, case_id):
    address_id = wiring.cases().open(case_id).addresses[0].address_id

    def send(signer=phone, **values):
        body = a_report(**{"case_id": case_id, "address_id": address_id, "now": NOW} | values)
        raw, signature = signer.signed(body)
        return api("POST /field/visits", raw=raw, token=agent, **{"X_Recobro_Signature": signature})

    return send


def test_a_signed_visit_is_taken_in_once(api, agent, report):
    first, again = report(), report()

    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert first.body["verdict"]["verdict"] == "verified"
    assert first.body["state"] == "complete"
    told = api("GET /field/visits/vis_0000000001", token=agent)
    assert told.body == first.body


def test_another_key_or_a_lost_phone_signs_nothing(api, admin, report):
    assert report(signer=Phone()).code == "visit.signature_invalid"

    (known,) = wiring.devices().of(DEVICE)
    wiring.devices().save(replace(known, revoked_at=NOW, revoked_by="user:sup"))
    refused = report()

    assert (refused.status, refused.code) == (403, "visit.signature_invalid")
    (device,) = api("GET /devices", token=admin).body["items"]
    assert device["revoked_at"] is not None


def test_revoking_a_phone_ends_what_its_owner_shows_and_signs_them_out(api, admin, agent, phone):
    shown = api("GET /field/credential", token=agent).body
    assert api(f"GET /credentials/{shown['code']}").body["creditors"] == ["Banco"]

    assert api(f"DELETE /devices/{DEVICE}", token=admin).status == 204

    assert api(f"GET /credentials/{shown['code']}").code == "credential.not_valid"
    assert api("GET /field/credential", token=agent).status == 401


def test_a_byte_changed_on_the_way_is_refused(api, agent, phone, case_id):
    raw, signature = phone.signed(a_report(case_id=case_id))

    refused = api(
        "POST /field/visits",
        raw=raw.replace(b"message_left", b"promise_made"),
        token=agent,
        **{"X_Recobro_Signature": signature},
    )

    assert refused.code == "visit.signature_invalid"


def test_a_senseless_report_names_every_field(report):
    refused = report(finished_at="yesterday", kind="party")

    assert (refused.status, refused.code) == (422, "visit.invalid")
    fields = {one["field"] for one in refused.body["details"]["fields"]}
    assert fields == {"finished_at", "kind"}


def test_a_phone_registers_again_and_with_no_other_key(api, agent, phone):
    body = {"device_id": DEVICE, "name": "Moto", "public_key": phone.jwk}

    assert api("POST /field/devices", body, token=agent).status == 200
    other = api("POST /field/devices", body | {"public_key": Phone().jwk}, token=agent)
    assert (other.status, other.code) == (409, "device.taken")
    no_point = body | {"device_id": "dev_0000000002"}
    no_point["public_key"] = phone.jwk | {"x": phone.jwk["y"], "y": phone.jwk["x"]}
    assert api("POST /field/devices", no_point, token=agent).status == 422


def test_a_visit_is_on_the_trail_of_its_day(api, agent, report, portfolio_id):
    report()

    zone = ZoneInfo(wiring.portfolios().get(portfolio_id).time_zone)
    day = NOW.astimezone(zone).date().isoformat()
    (visit,) = api(f"GET /field/trail?date={day}", token=agent).body["visits"]
    assert (visit["visit_id"], visit["verdict"]) == ("vis_0000000001", "verified")
    assert visit["lat"] is not None


def test_visits_are_listed_by_the_days_of_their_portfolio(api, admin, report, portfolio_id):
    report()
    zone = ZoneInfo(wiring.portfolios().get(portfolio_id).time_zone)
    day = NOW.astimezone(zone).date()

    def listed(first, last):
        asked = f"portfolio={portfolio_id}&from={first}&to={last}"
        return len(api(f"GET /visits?{asked}", token=admin).body["items"])

    assert listed(day, day) == 1
    assert listed(day + timedelta(days=1), day + timedelta(days=2)) == 0
    assert listed(day - timedelta(days=2), day - timedelta(days=1)) == 0


def test_a_visit_carries_the_cell_it_was_made_in(report, case_id):
    report()

    (visit,) = wiring.cases().open(case_id).visits
    fix = visit.report.fixes[0]
    assert visit.findings.cell == cell_of(fix.lat, fix.lng)


def test_the_page_of_its_case_lists_a_visit_and_its_trust_for_who_judges(
    api, admin, agent, report, case_id
):
    report()

    judged = api(f"GET /cases/{case_id}", token=admin).body
    told = api(f"GET /cases/{case_id}", token=agent).body

    (visit,), (seen,) = judged["visits"], told["visits"]
    assert (visit["visit_id"], visit["verdict"]) == ("vis_0000000001", "verified")
    assert visit["disposition"]["label"]["es"]
    assert visit["trust"] > 0
    assert visit["lat"] == pytest.approx(19.4326, abs=0.001)
    hidden = {"trust": None, "doubts": [], "lat": None, "lng": None}
    assert seen == visit | hidden
    assert told["addresses"][0]["radius_m"] == 100


def test_cash_is_taken_handed_in_and_counted_over_http(api, admin, agent, report, case_id):
    file = wiring.cases().open(case_id)
    portfolio_id = file.head.portfolio_id
    version = api(f"GET /portfolios/{portfolio_id}", token=admin).body["version"]
    policies = {"cash_allowed": True, "cash": {"hand_limit_minor": 100_000}}
    changed = api(
        f"PATCH /portfolios/{portfolio_id}", {"version": version, "policies": policies}, token=admin
    )
    assert changed.body["policies"]["cash"] == {"hand_limit_minor": 100_000}
    told = api(f"GET /field/cash?device={DEVICE}", token=agent).body
    number = f"{told['series']}-000001"
    cash = {"number": number, "amount_minor": 10_000, "at": NOW.isoformat()}

    sent = report(disposition="cash_paid", met={"who": "holder", "name": ""}, cash=cash)
    again = report(disposition="cash_paid", met={"who": "holder", "name": ""}, cash=cash)

    assert (sent.status, again.status) == (201, 200)
    assert [one["code"] for one in sent.body["conflicts"]] == []
    told = api(f"GET /field/cash?device={DEVICE}", token=agent).body
    assert (told["last"], told["hands"][0]["held_minor"]) == (1, 10_000)
    balance = wiring.cases().open(case_id).head.balance_minor
    assert balance == file.head.balance_minor - 10_000

    deposit = {
        "deposit_id": "dep_0000000001", "portfolio_id": portfolio_id, "amount_minor": 10_000,
        "at": NOW.isoformat(), "way": "bank", "slip": {"sha256": "a" * 64, "bytes": 9},
    }  # fmt: skip
    declared = api("POST /field/cash/deposits", deposit, token=agent)
    assert (declared.status, bool(declared.body["post"])) == (201, True)
    own = api(f"POST /cash/deposits/{deposit['deposit_id']}",
              {"portfolio_id": portfolio_id, "counted_minor": 10_000}, token=agent)  # fmt: skip
    assert own.status == 403
    counted = api(f"POST /cash/deposits/{deposit['deposit_id']}",
                  {"portfolio_id": portfolio_id, "counted_minor": 9_000, "reason": "Faltó."},
                  token=admin)  # fmt: skip
    assert counted.status == 204
    shown = api(f"GET /cash?portfolio={portfolio_id}", token=admin).body
    assert [(one["held_minor"], one["owed_minor"]) for one in shown["hands"]] == [(0, 1_000)]
    assert shown["deposits"][0]["difference_minor"] == 1_000
    lines = api(f"GET /cash/moves?portfolio={portfolio_id}&kind=receipt", token=admin).body["items"]
    assert [(one["receipt"], one["held_minor"]) for one in lines] == [(number, 10_000)]
    for first, last, count in (("2000-01-01", "2199-12-31", 1), ("2000-01-01", "2000-01-02", 0)):
        asked = f"portfolio={portfolio_id}&kind=receipt&from={first}&to={last}"
        assert len(api(f"GET /cash/moves?{asked}", token=admin).body["items"]) == count

    assert api("POST /cash/voids", {"key": number, "reason": "Error."}, token=admin).status == 204
    assert wiring.cases().open(case_id).head.balance_minor == file.head.balance_minor
    (series,) = api(f"GET /cash/series?portfolio={portfolio_id}", token=admin).body["items"]
    assert [one["state"] for one in series["receipts"]] == ["void"]


def test_a_large_photo_comes_in_parts_and_is_put_together(api, agent, report, case_id, cloud):
    picture = b"\xff\xd8\xff" + bytes(150_000)
    facts = {"sha256": hashlib.sha256(picture).hexdigest(), "bytes": len(picture)}
    asked = {"visit_id": "vis_0000000001", "photo_id": "pho_1", "content_type": "image/jpeg"}
    assert report(photos=[PHOTO | facts]).body["photos_wanted"] == ["pho_1"]
    s3 = cloud.client("s3")

    def send(parts):
        for part in parts:
            s3.put_object(
                Bucket=cloud.environment["UPLOADS_BUCKET"],
                Key=part["post"]["fields"]["key"],
                Body=picture[part["start"] : part["end"]],
            )

    first = api("POST /field/photos", asked | facts, token=agent).body
    send(first["parts"][:2])
    left = api("POST /field/photos", asked | facts, token=agent).body["parts"]
    assert (len(first["parts"]), [one["end"] for one in left]) == (3, [len(picture)])
    send(left)

    told = api("POST /field/photos", asked | facts, token=agent).body

    assert told == {"have": True, "post": None, "parts": []}
    assert api("GET /field/visits/vis_0000000001", token=agent).body["state"] == "complete"
    key = f"visits/{case_id}/vis_0000000001/pho_1.jpg"
    kept = s3.get_object(Bucket=cloud.environment["EVIDENCE_BUCKET"], Key=key)
    assert kept["Body"].read() == picture
    left_over = s3.list_objects_v2(
        Bucket=cloud.environment["UPLOADS_BUCKET"], Prefix="photo-parts/"
    )
    assert left_over["KeyCount"] == 0
