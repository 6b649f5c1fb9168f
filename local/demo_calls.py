"""
The demo's telephone work: calls of two weeks with their results, and tasks that wait for people.

Everything goes by the API, with the laptop's clock set back to the hour of each call: what the
law forbids at that hour is refused here as it would have been then, and the case is left alone.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from local.client import Client, Problem
from local.demo_field import working_days

ZONE = ZoneInfo("America/Mexico_City")
# When calls were made on the working days, the last day first; today's, once that hour is over.
HOURS = tuple(time(*at) for at in ((10, 10), (12, 40), (17, 20), (9, 30), (18, 30), (11, 15)))
DAYS = 8
CALLS = 3  # of each person, a day
SEED = 11
NOBODY = {"no_answer": 34, "voicemail": 12, "busy": 7}
THIRD = {"message_left": 12, "wrong_person": 2}
HOLDER = {"promise": 18, "undecided": 6, "call_back": 5, "wants_plan": 3, "refuses": 2}
RESULTS = NOBODY | THIRD | HOLDER
NOTES = {
    "undecided": "Espera que le depositen; no quiso dar fecha.",
    "wants_plan": "Puede pagar en partes cada quincena. Pide una propuesta.",
    "refuses": "No quiere hablar del tema por teléfono.",
}
TASKS = (
    ("Mandar la propuesta de plan que pidió", "call", 0, True),
    ("Confirmar el domicilio con su referencia", "visit", 1, True),
    ("Revisar el pagaré: la firma no se lee", "review", 0, True),
    ("Enviar copia de la factura que reclama", "other", 2, False),
    ("Llamar después de la quincena", "call", 3, False),
)
At = Callable[[datetime], AbstractContextManager[object]]


def load(callers: Sequence[Client], portfolio_id: str, *, at: At, now: datetime) -> int:
    """
    Make the calls of the days before *now*, the oldest first.

    Args:
        callers: People signed in, each of whom may call.
        at: Sets the stack's clock to a moment meanwhile.

    Returns:
        How many calls were made.
    """
    chance = Random(SEED)  # noqa: S311 - invented data, not secrets
    cases = [one["case_id"] for one in callers[0].pages(f"/portfolios/{portfolio_id}/cases")]
    chance.shuffle(cases)
    waiting = iter(cases)
    made = 0
    for moment in moments(now):
        turns = [
            (caller, case_id, Random(f"{SEED} {case_id}"))  # noqa: S311
            for caller in callers
            for case_id in _some(waiting, CALLS)
        ]
        with at(moment), ThreadPoolExecutor(len(callers)) as pool:
            today = moment.astimezone(ZONE).date()
            done = [pool.submit(_call, *turn, portfolio_id, today) for turn in turns]
            made += sum(each.result() for each in done)
    return made


def moments(now: datetime) -> list[datetime]:
    """
    When the calls were made: one hour of each working day until *now*, the oldest first.

    >>> [f"{one:%d %H:%M}" for one in moments(datetime(2026, 11, 23, 18, tzinfo=UTC))[-2:]]
    ['20 18:40', '23 16:10']
    >>> [f"{one:%d %H:%M}" for one in moments(datetime(2026, 11, 23, 15, tzinfo=UTC))[-2:]]
    ['19 18:40', '20 16:10']
    """
    ends = now.astimezone(ZONE)
    first = ends.date() - timedelta(days=ends.time() < HOURS[0])
    found = [
        datetime.combine(day, HOURS[place % len(HOURS)], ZONE).astimezone(UTC)
        for place, day in zip(range(DAYS), working_days(first, -1), strict=False)
    ]
    return found[::-1]


def give_tasks(client: Client, portfolio_id: str, owner: str, *, today: date) -> None:
    """Leave tasks in some cases, *owner*'s and nobody's; safe to repeat."""
    cases = client.get(f"/portfolios/{portfolio_id}/cases", sort="-balance", limit=len(TASKS))
    for place, (line, (text, kind, days, own)) in enumerate(
        zip(cases["items"], TASKS, strict=True)
    ):
        wanted = {
            "kind": kind,
            "text": text,
            "owner": owner if own else "",
            "due_on": (today + timedelta(days=days)).isoformat(),
        }
        try:
            client.post(
                f"/cases/{line['case_id']}/tasks", wanted, key=f"{portfolio_id}-task-{place}"
            )
        except Problem as problem:
            if problem.code != "fact.already_recorded":
                raise


# Private


def _some(waiting: Iterator[str], most: int) -> list[str]:
    return [case_id for _, case_id in zip(range(most), waiting, strict=False)]


def _call(client: Client, case_id: str, chance: Random, portfolio_id: str, today: date) -> int:
    """Call one debtor; 0 when there is no number, or none that may be called now."""
    path = f"/cases/{case_id}"
    ways = client.get(f"{path}/contact")["ways"]
    phone = next((way for way in ways if way["channel"] == "call" and way["allowed"]), None)
    if phone is None:
        return False
    sheet = client.post(
        f"{path}/calls",
        {"contact_id": phone["contact_id"]},
        key=f"{portfolio_id}-call-{case_id}-{today}",
    )
    if sheet["open"] is None:
        return False  # made before, by a load that did not come to its end
    wanted = _result(client, path, chance, today)
    client.put(f"{path}/calls/{sheet['open']['attempt_id']}", wanted)
    return True


def _result(client: Client, path: str, chance: Random, today: date) -> dict[str, Any]:
    code = chance.choices(list(RESULTS), list(RESULTS.values()))[0]
    if code == "promise" and not _promise(client, path, chance, today):
        code = "undecided"
    wanted: dict[str, Any] = {"disposition": code, "note": NOTES.get(code, "")}
    if code == "call_back":
        again = datetime.combine(today + timedelta(days=1), time(12), ZONE)
        wanted["call_back_at"] = again.astimezone(UTC).isoformat()
    return wanted


def _promise(client: Client, path: str, chance: Random, today: date) -> bool:
    """Promise a part of what is due, on a day soon; False where the portfolio's rules refuse."""
    owed = client.get(path)["case"]["total_due"]["minor"]
    days = working_days(today + timedelta(days=chance.randint(2, 6)), 1)
    body = {
        "amount_minor": owed // chance.choice((2, 5)),
        "due_on": next(days).isoformat(),
        "channel": "call",
    }
    try:
        client.post(f"{path}/promises", body)
    except Problem as problem:
        if not problem.code.startswith("promise."):
            raise
        return False
    return True
