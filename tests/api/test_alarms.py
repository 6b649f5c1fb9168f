"""SOS through the app: kept, on the map, told, taken, closed."""

import sys
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.contact import Channel, NotSent, Receipt
from chalicelib.domain.people import Role
from tests.api.conftest import sign_in


class Post:
    """Takes messages instead of SES and the SMS service."""

    def __init__(self):
        self.sent = []
        self.refusing = set()

    def __call__(self, channel):
        self.channel = channel
        return self

    def send(self, message):
        if message.channel in self.refusing:
            raise NotSent("sender_missing")
        self.sent.append(message)
        return Receipt(provider="test", provider_id="1")


@pytest.fixture
def post(monkeypatch):
    made = Post()
    monkeypatch.setattr(sys.modules["chalicelib.wiring.tracking"], "sender", made)
    return made


@pytest.fixture
def portfolio(api, admin):
    new = {"name": "A", "creditor": "B", "country": "MX"}
    return api("POST /portfolios", new, token=admin).body["portfolio_id"]


@pytest.fixture
def agent(api, cloud, portfolio):
    return sign_in(api, cloud, "agent@example.com", Role.AGENT, portfolios=(portfolio,))


@pytest.fixture
def boss(api, cloud, portfolio):
    return sign_in(api, cloud, "boss@example.com", Role.SUPERVISOR, portfolios=(portfolio,))


def sos(api, token, **more):
    at = datetime.now(UTC)
    body = {"alarm_id": "alm_1", "at": at.isoformat(), "lat": 19.4, "lng": -99.1, **more}
    return api("POST /field/alarms", body, token=token)


def test_an_alarm_is_on_the_panel_and_written_to_the_supervisors_once(api, agent, boss, post):
    api("PATCH /me", {"phone": "+525511112222"}, token=boss)
    mark = api("GET /agents/live", token=boss).body["mark"]

    first = sos(api, agent)
    assert (first.status, first.body["state"], first.body["told"]) == (201, "open", 2)
    assert [(one.channel, one.content.to) for one in post.sent] == [
        (Channel.SMS, "+525511112222"),
        (Channel.EMAIL, "boss@example.com"),
    ]
    assert "19.40000, -99.10000" in post.sent[0].content.text
    assert "/panel/mapa/" in post.sent[0].content.text

    assert sos(api, agent).body["told"] == 2
    assert len(post.sent) == 2
    [seen] = api(f"GET /agents/live?since={mark}", token=boss).body["items"]
    assert seen["alarm"] == "alm_1"
    [listed] = api("GET /alarms", token=boss).body["items"]
    assert listed["alarm_id"] == "alm_1"


def test_one_who_cannot_be_reached_does_not_keep_the_alarm_back(api, agent, boss, post):
    post.refusing = {Channel.EMAIL, Channel.SMS}
    got = sos(api, agent)
    assert (got.status, got.body["told"]) == (201, 0)
    assert len(api("GET /alarms", token=boss).body["items"]) == 1


@pytest.mark.usefixtures("post")
def test_who_takes_it_is_known_and_who_closes_it_ends_it(api, cloud, portfolio, agent, boss):
    sos(api, agent)
    taken = api("PATCH /alarms/alm_1", {"state": "taken"}, token=boss).body
    assert (taken["state"], taken["taken_by_name"]) == ("taken", "Ana")
    assert api("PATCH /alarms/alm_1", {"state": "taken"}, token=boss).body == taken
    other = sign_in(api, cloud, "b2@example.com", Role.SUPERVISOR, portfolios=(portfolio,))
    late = api("PATCH /alarms/alm_1", {"state": "taken"}, token=other)
    assert (late.code, late.body["details"]) == ("alarm.moved", {"state": "taken"})
    closed = api("PATCH /alarms/alm_1", {"state": "closed", "note": "Está bien"}, token=other).body
    assert (closed["state"], closed["note"], closed["taken_by_name"]) == (
        "closed", "Está bien", "Ana",
    )  # fmt: skip
    assert api("PATCH /alarms/alm_1", {"state": "taken"}, token=boss).code == "alarm.moved"
    [seen] = api("GET /agents/live", token=boss).body["items"]
    assert seen["alarm"] is None


@pytest.mark.usefixtures("post")
def test_alarms_are_for_those_who_share_a_portfolio(api, cloud, agent):
    sos(api, agent)
    stranger = sign_in(api, cloud, "x@example.com", Role.SUPERVISOR, portfolios=("prt_x",))
    assert api("GET /alarms", token=stranger).body["items"] == []
    assert api("PATCH /alarms/alm_1", {"state": "taken"}, token=stranger).code == "alarm.not_found"


def test_an_alarm_of_last_week_is_none(api, agent, post):
    old = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    assert sos(api, agent, at=old).code == "request.bad_field"
    assert post.sent == []
