"""Portfolios and service tokens, through the API."""

import base64

import pytest

from chalicelib.domain.people import Role
from chalicelib.domain.portfolio import COUNTRIES
from tests.api.conftest import sign_in

NEW = {"name": "Tarjetas 2026", "creditor": "Banco del Norte", "country": "MX"}
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 40).decode()


@pytest.fixture
def portfolio(api, admin):
    return api("POST /portfolios", NEW, token=admin).body


def test_a_name_a_creditor_and_a_country_are_enough(api, admin):
    made = api("POST /portfolios", NEW, token=admin)

    assert made.status == 201
    assert (made.body["currency"], made.body["time_zone"]) == ("MXN", "America/Mexico_City")
    assert made.body["branding"]["display_name"] == "Banco del Norte"
    assert api(f"GET /portfolios/{made.body['portfolio_id']}", token=admin).body == made.body


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_has_defaults_that_make_a_portfolio(common, country):
    draft = common(f"GET /portfolio-defaults?country={country}").body

    made = common("POST /portfolios", draft | {"name": "A", "creditor": "B"})

    assert made.status == 201
    assert made.body["policies"] == draft["policies"]


def test_a_supervisor_may_work_on_what_they_made(api, cloud):
    token = sign_in(api, cloud, "sup@example.com", Role.SUPERVISOR)

    made = api("POST /portfolios", NEW, token=token)

    listed = api("GET /portfolios", token=token).body["items"]
    assert [each["portfolio_id"] for each in listed] == [made.body["portfolio_id"]]


def test_the_same_key_makes_one_portfolio(api, admin):
    first = api("POST /portfolios", NEW, token=admin, idempotency_key="key-00001")
    again = api("POST /portfolios", NEW, token=admin, idempotency_key="key-00001")

    assert again.body == first.body
    assert len(api("GET /portfolios", token=admin).body["items"]) == 1
    other = api("POST /portfolios", NEW | {"name": "B"}, token=admin, idempotency_key="key-00001")
    assert (other.status, other.code) == (422, "request.key_reused")


def test_a_refused_request_does_not_use_its_key_up(api, admin):
    wrong = NEW | {"time_zone": "America/Lima"}
    refused = api("POST /portfolios", wrong, token=admin, idempotency_key="key-00001")
    assert refused.status == 422

    assert api("POST /portfolios", NEW, token=admin, idempotency_key="key-00001").status == 201


BANDS = [
    {"code": "0", "from_dpd": None, "to_dpd": 0},
    {"code": "1-30", "from_dpd": 1, "to_dpd": 30},
    {"code": "30+", "from_dpd": 31, "to_dpd": None},
]


def bands(index, **change):
    return {
        "policies": {"bands": [b | (change if i == index else {}) for i, b in enumerate(BANDS)]}
    }


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"time_zone": "Europe/Madrid"}, "time_zone", "not_one_of"),
        ({"language": "fr"}, "language", "not_one_of"),
        (bands(1, from_dpd=2), "policies.bands.1.from_dpd", "not_contiguous"),
        (bands(1, code="0"), "policies.bands.1.code", "repeated"),
        (bands(2, to_dpd=90), "policies.bands.2.to_dpd", "not_open_ended"),
        ({"policies": {"bands": []}}, "policies.bands", "too_short"),
        (
            {"policies": {"allocation_order": ["fees", "fees", "principal"]}},
            "policies.allocation_order",
            "not_a_permutation",
        ),
        (
            {"policies": {"moratory": {"annual_rate_ppm": -1}}},
            "policies.moratory.annual_rate_ppm",
            "too_small",
        ),
        (
            {"policies": {"moratory": {"day_count": 364}}},
            "policies.moratory.day_count",
            "not_one_of",
        ),
        ({"policies": {"geofence_radius_m": 5}}, "policies.geofence_radius_m", "too_small"),
        (
            {"policies": {"promises": {"most_days": 91}}},
            "policies.promises.most_days",
            "too_large",
        ),
        (
            {"policies": {"agreements": {"max_discount_fees_ppm": 1_000_001}}},
            "policies.agreements.max_discount_fees_ppm",
            "too_large",
        ),
        ({"policies": {"office": []}}, "policies.office", "missing"),
        (
            {"policies": {"office": [{"weekday": 1, "opens_at": "18:00", "closes_at": "09:00"}]}},
            "policies.office.0.closes_at",
            "too_small",
        ),
        ({"policies": {"office": [{"weekday": 8}]}}, "policies.office.0.weekday", "not_one_of"),
        ({"policies": {"tolerance_minor": 0.5}}, "policies.tolerance_minor", "not_a_number"),
        ({"policies": {"colour": 1}}, "policies.colour", "unknown"),
        ({"branding": {"colour": "red"}}, "branding.colour", "bad_format"),
        ({"branding": {"logo_key": "media/else/x.png"}}, "branding.logo_key", "not_one_of"),
        ({"currency": "USD"}, "currency", "unknown"),
    ],
)
def test_what_makes_no_sense_is_named(common, change, field, reason):
    path = f"PATCH /portfolios/{common.portfolio_id}"

    refused = common(path, change | {"version": 1})

    assert (refused.status, refused.code) == (422, "request.bad_field")
    assert (refused.body["details"]["field"], refused.body["details"]["reason"]) == (field, reason)


def test_a_change_keeps_what_it_does_not_name(api, admin, portfolio):
    path = f"PATCH /portfolios/{portfolio['portfolio_id']}"
    change = {"policies": {"moratory": {"annual_rate_ppm": 360_000}}, "version": 1}

    changed = api(path, change, token=admin).body

    expected = portfolio["policies"] | {
        "moratory": portfolio["policies"]["moratory"] | {"annual_rate_ppm": 360_000}
    }
    assert changed["policies"] == expected
    assert changed["version"] == 2


def test_of_two_changes_of_one_version_the_second_is_refused(api, admin, portfolio):
    path = f"PATCH /portfolios/{portfolio['portfolio_id']}"
    api(path, {"name": "A", "version": 1}, token=admin)

    refused = api(path, {"name": "B", "version": 1}, token=admin)

    assert (refused.status, refused.code) == (409, "portfolio.moved")
    assert refused.body["details"] == {"version": 2}


def test_null_takes_a_limit_away_and_leaves_the_rest(api, admin, portfolio):
    path = f"PATCH /portfolios/{portfolio['portfolio_id']}"
    change = {
        "policies": {"role_limits": {"agent_payment_minor": None}},
        "name": None,
        "version": 1,
    }

    changed = api(path, change, token=admin).body

    assert changed["policies"]["role_limits"]["agent_payment_minor"] is None
    assert changed["name"] == portfolio["name"]


def test_a_logo_is_an_image_of_the_site(api, admin, portfolio, cloud):
    path = f"PUT /portfolios/{portfolio['portfolio_id']}/logo"

    put = api(path, {"version": 1, "image": PNG}, token=admin)

    key = put.body["branding"]["logo_key"]
    kept = cloud.client("s3").get_object(Bucket=cloud.environment["SITE_BUCKET"], Key=key)
    assert kept["ContentType"] == "image/png"
    script = base64.b64encode(b"<svg onload='x'/>").decode()
    refused = api(path, {"version": 2, "image": script}, token=admin)
    assert (refused.status, refused.body["details"]["field"]) == (422, "image")


def test_a_service_token_is_shown_once_and_opens_its_portfolio_only(api, admin, portfolio):
    other = api("POST /portfolios", NEW, token=admin).body["portfolio_id"]
    mine = portfolio["portfolio_id"]

    made = api(f"POST /portfolios/{mine}/tokens", {"name": "ERP"}, token=admin)

    secret = made.body["token"]
    assert secret.startswith("rcb_")
    assert api(f"GET /portfolios/{mine}", token=secret).status == 200
    assert api(f"GET /portfolios/{other}", token=secret).status == 404
    assert api(f"PATCH /portfolios/{mine}", {"name": "x", "version": 1}, token=secret).status == 403
    assert api("GET /me", token=secret).status == 401
    listed = api(f"GET /portfolios/{mine}/tokens", token=admin)
    assert secret not in str(listed.body)
    assert listed.body["items"][0]["last_used_at"] is not None


def test_a_revoked_token_opens_nothing(api, admin, portfolio):
    path = f"/portfolios/{portfolio['portfolio_id']}/tokens"
    made = api(f"POST {path}", {"name": "ERP"}, token=admin).body

    for _ in range(2):  # safe to repeat
        assert api(f"DELETE {path}/{made['token_id']}", token=admin).status == 204

    assert api("GET /portfolios", token=made["token"]).status == 401
    assert api(f"GET {path}", token=admin).body["items"] == []


def test_a_token_is_kept_as_a_hash_only(api, admin, portfolio, cloud):
    made = api(f"POST /portfolios/{portfolio['portfolio_id']}/tokens", {"name": "E"}, token=admin)

    rows = cloud.client("dynamodb").scan(TableName=cloud.environment["WORK_TABLE"])["Items"]

    assert made.body["token"].rsplit("_", 1)[1] not in str(rows)


def test_only_an_admin_tightens_contact(api, admin, cloud):
    supervisor = sign_in(api, cloud, "sup@example.com", Role.SUPERVISOR)
    made = api("POST /portfolios", NEW, token=supervisor).body
    path = f"PATCH /portfolios/{made['portfolio_id']}"
    limits = {
        "closed_days": ["2026-12-24"],
        "closes_at": "18:00",
        "caps": [{"channels": ["call", "sms"], "most": 2, "period": "iso_week"}],
    }
    tighter = {"version": 1, "policies": {"contact": limits}}

    refused = api(path, tighter, token=supervisor)
    changed = api(path, tighter, token=admin)
    kept = api(
        path, {"version": 2, "policies": changed.body["policies"] | {"cash_allowed": True}},
        token=supervisor,
    )  # fmt: skip

    assert (refused.status, refused.code) == (403, "actor.not_allowed")
    assert changed.body["policies"]["contact"]["caps"] == limits["caps"]
    assert (kept.status, kept.body["policies"]["contact"]["closes_at"]) == (200, "18:00")


@pytest.mark.parametrize(
    "limits", [{"opens_at": "25:00"}, {"opens_at": "18:00", "closes_at": "09:00"}]
)
def test_hours_that_make_no_sense_are_refused(api, admin, portfolio, limits):
    path = f"PATCH /portfolios/{portfolio['portfolio_id']}"

    assert api(path, {"version": 1, "policies": {"contact": limits}}, token=admin).status == 422
