"""An invented agent's morning through the app: what the simulator sends is what is taken."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.domain.draft import Draft
from chalicelib.domain.people import Role
from chalicelib.services import verify
from local import demo_field
from local.client import Problem
from local.simulator.phone import Phone
from local.simulator.visiting import Call
from local.users import DemoUser
from tests.api.cloud import PASSWORD, put_case
from tests.api.conftest import sign_in
from tests.visit_world import DOOR, a_door

NINE = datetime(2026, 11, 23, 15, tzinfo=UTC)  # a Monday in Mexico City


class Through:
    """The simulator's client, into the app instead of over HTTP."""

    def __init__(self, api):
        self._api, self._token = api, ""

    def sign_in(self, email, password):
        got = self._api("POST /session", {"email": email, "password": password})
        self._token = got.body["access_token"]

    def get(self, path, **query):
        asked = f"?{urlencode(query)}" if query else ""
        return self._taken(self._api(f"GET {path}{asked}", token=self._token))

    def post(self, path, body, key=None):
        named = {"idempotency_key": key} if key else {}
        return self._taken(self._api(f"POST {path}", body, token=self._token, **named))

    def put(self, path, body):
        return self._taken(self._api(f"PUT {path}", body, token=self._token))

    def patch(self, path, body):
        return self._taken(self._api(f"PATCH {path}", body, token=self._token))

    def post_signed(self, path, raw, signature):
        signed = {"X_Recobro_Signature": signature}
        return self._taken(self._api(f"POST {path}", raw=raw, token=self._token, **signed))

    def _taken(self, got):
        if got.status >= 400:
            raise Problem(got.status, got.body, "simulated")
        return got.body


def test_a_morning_leaves_a_trail_and_verified_visits(api, cloud, admin, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NINE)
    new = {"name": "A", "creditor": "B", "country": "MX"}
    portfolio_id = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    case_id = put_case(portfolio_id, date(2026, 1, 15))
    file, portfolio = wiring.cases().open(case_id), wiring.portfolios().get(portfolio_id)
    draft = Draft(file, portfolio, actor="system", now=NINE)
    draft.put_address(a_door())
    wiring.cases().commit(draft.change())
    address = wiring.cases().open(case_id).addresses[0].address_id
    sign_in(api, cloud, "agente0001@example.com", Role.AGENT, portfolios=(portfolio_id,))
    call = Call(key=address, case_id=case_id, address_id=address, lat=DOOR[0], lng=DOOR[1])
    phone = Phone(2, Through(api), ("agente0001@example.com", PASSWORD), calls=[call])

    phone.clock_in(NINE)
    for minutes in range(15, 150, 15):
        moment = NINE + timedelta(minutes=minutes)
        monkeypatch.setattr(wiring, "now", lambda at=moment: at)
        phone.send(moment)
    phone.clock_out(moment)

    assert (phone.problems, phone.visits) == (0, 1)
    me = Through(api)
    me.sign_in("agente0001@example.com", PASSWORD)
    trail = me.get("/field/trail?date=2026-11-23")
    assert trail["received"] == phone.points
    assert trail["stops"]
    [visit] = trail["visits"]
    assert (visit["case_id"], visit["verdict"]) == (case_id, "verified")


def test_the_demo_has_an_agents_morning_and_his_next_day(api, cloud, admin, monkeypatch):
    sunday = NINE - timedelta(days=1)
    monkeypatch.setattr(wiring, "now", lambda: sunday)
    new = {"name": "A", "creditor": "B", "country": "MX"}
    portfolio_id = api("POST /portfolios", new, token=admin).body["portfolio_id"]
    for number in range(demo_field.MOCKED + 1):
        key = f"D-{number}"
        case_id = put_case(portfolio_id, date(2026, 1, 15), key=key, external_id=f"F-{number}")
        draft = Draft(
            wiring.cases().open(case_id),
            wiring.portfolios().get(portfolio_id),
            actor="system",
            now=sunday,
        )
        draft.put_address(a_door(lat=DOOR[0] + number / 1000))
        wiring.cases().commit(draft.change())
    sees = {"portfolios": (portfolio_id,)}
    sign_in(api, cloud, "sofia@example.com", Role.SUPERVISOR, **sees)
    token = sign_in(api, cloud, "gael@example.com", Role.AGENT, **sees)
    sub = api("GET /me", token=token).body["person_id"]
    gael = DemoUser("agent", "gael@example.com", "Gael", PASSWORD, sub)
    boss = Through(api)
    boss.sign_in("sofia@example.com", PASSWORD)

    for _ in range(2):
        demo_field.load(boss, [(gael, Through(api))], portfolio_id, now=sunday)

    standing = [one["standing"] for one in boss.get("/visits", portfolio=portfolio_id)["items"]]
    assert "review" in standing
    planned = boss.get("/assignments", date="2026-11-23")["items"]
    assert len(planned) == demo_field.MOCKED + 1
    assert {one["person_id"] for one in planned} == {gael.sub}
    profile = boss.get(f"/agents/{sub}/profile")
    assert (profile["version"], profile["visits_max"]) == (1, demo_field.VISITS_MAX)
    assert [one["state"] for one in boss.get(f"/portfolios/{portfolio_id}/forms")["items"]] == [
        "published"
    ]
    proof = verify.portfolio(
        portfolio_id,
        cases=wiring.cases(),
        stored=wiring.counters(),
        time_zone=wiring.portfolios().get(portfolio_id).time_zone,
    )
    assert (proof.cases, proof.differences) == (demo_field.MOCKED + 1, [])
