"""
The demo's field work: a questionnaire, the agents' last morning, and the visits that wait for them.

Everything goes by the API: an agent's telephone is the simulator's, with its clock set back.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from chalicelib.forms.starter import starter
from local.client import Client
from local.generator.portfolio import COUNTRY
from local.simulator.phone import Phone
from local.simulator.visiting import Call
from local.users import DemoUser

ZONE = ZoneInfo("America/Mexico_City")
CLOCKS_IN = time(9)
MORNING = timedelta(minutes=160)
DOORS = 9
MOCKED = 3  # of the first agent's: something for people to look at
WAITING = 12  # of each
WALK = 7  # the seed of the first one's way
HOMES = ((19.3926, -99.1549), (19.4872, -99.1310), (19.3467, -99.1617))  # where their days begin
VISITS_MAX = 15


def load(
    client: Client, agents: list[tuple[DemoUser, Client]], portfolio_id: str, *, now: datetime
) -> None:
    """
    Load what is missing. Safe to repeat: what is there is found and left alone.

    Args:
        client: Of somebody who may plan field work, signed in.
        agents: Each with a telephone, on which he signs in by himself.

    Raises:
        Problem: the API refused a step.
    """
    _questionnaire(client, portfolio_id)
    doors = _doors(client, portfolio_id, DOORS * len(agents))
    for place, (agent, phone) in enumerate(agents):
        _profile(client, agent, HOMES[place])
        if not client.get("/visits", portfolio=portfolio_id, person=agent.sub)["items"]:
            _morning(phone, agent, doors[place :: len(agents)], place, now)
    day = next(working_days(now.astimezone(ZONE).date(), 1))
    if not client.get("/assignments", date=day.isoformat())["items"]:
        _assign(client, [agent for agent, _ in agents], portfolio_id, day)


def last_morning(now: datetime) -> datetime:
    """
    When he clocked in on the last working day whose morning is over.

    >>> last_morning(datetime(2026, 11, 22, 21, tzinfo=UTC)).isoformat()
    '2026-11-20T15:00:00+00:00'
    """
    for day in working_days(now.astimezone(ZONE).date(), -1):
        began = datetime.combine(day, CLOCKS_IN, ZONE).astimezone(UTC)
        if began + MORNING <= now:
            return began
    raise AssertionError("days have no end")


# Private


def working_days(first: date, step: int) -> Iterator[date]:
    """Days on which a debtor may be visited, from *first* on, forwards or backwards."""
    closed = holidays.country_holidays(COUNTRY)
    day = first
    while True:
        if day.weekday() < 5 and day not in closed:
            yield day
        day += timedelta(days=step)


def _questionnaire(client: Client, portfolio_id: str) -> None:
    base = f"/portfolios/{portfolio_id}/forms"
    if any(one["state"] == "published" for one in client.get(base)["items"]):
        return
    name, content = starter("es")
    sheet = {"filename": name, "content": b64encode(content).decode()}
    made = client.post(base, sheet, key=f"{portfolio_id}-starter")
    version = {"revision": made["revision"], "version": made["latest"]}
    client.post(f"{base}/{made['form_id']}/publication", version)


def _profile(client: Client, agent: DemoUser, home: tuple[float, float]) -> None:
    path = f"/agents/{agent.sub}/profile"
    known = client.get(path)
    if known["version"]:
        return
    said = {name: value for name, value in known.items() if name != "person_id"}
    start = dict(zip(("lat", "lng"), home, strict=True))
    client.put(path, said | {"start": start, "visits_max": VISITS_MAX})


def _morning(phone: Client, agent: DemoUser, doors: list[Call], place: int, now: datetime) -> None:
    began = last_morning(now)
    mocked = 0 if place else MOCKED
    walks = Phone(WALK + place, phone, (agent.email, agent.password), calls=doors, mocked=mocked)
    walks.clock_in(began)
    walks.send(began + MORNING)
    walks.clock_out(began + MORNING)


def _doors(client: Client, portfolio_id: str, most: int) -> list[Call]:
    """The doors of the oldest debts; the simulator finds the way between them."""
    found = []
    page = client.get(f"/portfolios/{portfolio_id}/cases", sort="due", limit=most)
    for line in page["items"]:
        for one in client.get(f"/cases/{line['case_id']}")["addresses"][:1]:
            if one["lat"] is not None:
                key = one["address_id"]
                found.append(
                    Call(
                        key=key,
                        case_id=line["case_id"],
                        address_id=key,
                        lat=one["lat"],
                        lng=one["lng"],
                    )
                )
    return found


def _assign(client: Client, agents: list[DemoUser], portfolio_id: str, day: date) -> None:
    people = [agent.sub for agent in agents]
    wanted: dict[str, Any] = {
        "portfolio_id": portfolio_id,
        "date": day.isoformat(),
        "how": "rule",
        "people": people,
        "sort": "-balance",
        "most": WAITING * len(people),
    }
    named = ("case_id", "address_id", "person_id", "why", "task_id")
    found = client.post("/assignments/preview", wanted)["items"]
    if not found:
        return
    client.post(
        "/assignments",
        {
            "portfolio_id": portfolio_id,
            "batch_id": f"bat_demo-{day.isoformat()}",
            "date": day.isoformat(),
            "items": [{name: one[name] for name in named} for one in found],
        },
    )
    client.post("/routes/plans", {"date": day.isoformat(), "people": people})
