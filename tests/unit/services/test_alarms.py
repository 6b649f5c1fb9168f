"""Who is told of an SOS, and in which words."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.people import Person, Role
from chalicelib.domain.tracking import Alarm
from chalicelib.messages.alarm import words
from chalicelib.services.alarms import MOST_TOLD, supervisors_of

NOW = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)


def alarm(team="Norte", **more):
    return Alarm(
        alarm_id="alm_1", person_id="p", name="Eva Luna", team=team, portfolios=("prt_1",),
        at=NOW, received_at=NOW, **more,
    )  # fmt: skip


def person(name, role=Role.SUPERVISOR, *, team="", portfolios=("prt_1",), disabled=False):
    return Person(
        person_id=name, email=f"{name}@example.com", name=name, role=role, team=team,
        portfolios=portfolios, disabled=disabled,
    )  # fmt: skip


EVERYBODY = [
    person("north", team="Norte"),
    person("south", team="Sur"),
    person("elsewhere", team="Norte", portfolios=("prt_2",)),
    person("left", team="Norte", disabled=True),
    person("agent", Role.AGENT, team="Norte"),
    person("admin", Role.ADMIN, portfolios=("*",)),
]


@pytest.mark.parametrize(
    ("team", "there", "told"),
    [
        ("Norte", EVERYBODY, ["north"]),
        ("", EVERYBODY, ["north", "south"]),
        ("Oeste", EVERYBODY, ["north", "south"]),
        ("Norte", EVERYBODY[2:], ["admin"]),
        ("Norte", [], []),
    ],
)
def test_the_team_is_told_else_the_portfolio_else_the_admins(team, there, told):
    assert [one.person_id for one in supervisors_of(alarm(team), there)] == told


def test_no_more_are_told_than_a_phone_can_wait_for():
    crowd = [person(f"p{i}") for i in range(MOST_TOLD + 5)]
    assert len(supervisors_of(alarm(""), crowd)) == MOST_TOLD


@pytest.mark.parametrize(("language", "says"), [("es", "pidió ayuda"), ("pt", "pediu ajuda")])
def test_the_words_are_in_the_supervisors_language_and_of_the_agents_clock(language, says):
    subject, text = words(
        language, alarm(lat=19.4, lng=-99.1, accuracy_m=12.4), zone="America/Mexico_City", url="u"
    )
    assert "Eva Luna" in subject
    assert says in text
    assert "12:05" in text
    assert "19.40000, -99.10000 (±12 m)" in text


def test_a_phone_without_a_position_says_so():
    assert "no dio su posición" in words("xx", alarm(), zone="UTC", url="u")[1]
