"""
Drive invented agents along real streets, through the public API of a stack on this machine.

Run: ``make simulate AGENTS=200`` beside a running ``make run``; Ctrl-C clocks everybody out.
"""

import argparse
import ipaddress
import json
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra import deploy
from infra.people import FirstPerson
from infra.people import ensure as ensure_people
from local import clock, stack, users
from local.client import Client, Problem
from local.generator.names import given_names, surnames
from local.simulator.phone import Phone
from local.simulator.visiting import Call

TEAMS = ("Norte", "Centro", "Sur")
PASSWORD = users.DEMO[0].password
WORKERS = 6
TICK_S = 0.5
REPORT_S = 15
CASES = 60  # of each portfolio: whose doors are gone to


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--every", type=float, default=20, help="seconds from batch to batch")
    parser.add_argument("--minutes", type=float, help="stop by itself after so many")
    parser.add_argument("--state", type=Path, default=stack.ROOT / ".local")
    args = parser.parse_args(argv)
    state = args.state.resolve()
    told = state / "front-door.json"
    if not told.is_file() or not stack.alive(state):
        print("Nothing runs here: make run", file=sys.stderr)
        return 1
    settings = json.loads(told.read_text())
    url = f"http://localhost:{settings['port']}"
    if not is_loopback(url):
        print("Only a stack on this machine is played with", file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    admin = Client(url)
    admin.sign_in(users.DEMO[0].email, PASSWORD)
    portfolios = [one["portfolio_id"] for one in admin.pages("/portfolios")]
    emails = _people(admin, clock.cloud_of(settings["cloud"], state), args.agents, portfolios)
    calls = _calls(admin, portfolios)
    now = _server_clock(url, emails[0])
    phones = [
        Phone(number, Client(url), (email, PASSWORD), calls=calls)
        for number, email in enumerate(emails)
    ]
    return _drive(phones, now, every_s=args.every, minutes=args.minutes, url=url)


def is_loopback(url: str) -> bool:
    """
    Tell whether an address is of this machine.

    >>> is_loopback("http://localhost:8000"), is_loopback("https://recobro.example")
    (True, False)
    """
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def names(count: int) -> Iterator[tuple[str, str]]:
    """Give (e-mail, name) of invented agents, always the same ones."""
    given, family = given_names("MX")[0], surnames("MX")[0]
    for number in range(count):
        first = given[number % len(given)]
        last = family[number * 7 % len(family)]
        yield f"agente{number + 1:04d}@recobro.test", f"{first} {last}"


def _people(admin: Client, cloud: Any, count: int, portfolios: list[str]) -> list[str]:
    """Have the agents: added where they are missing, in teams, on every portfolio."""
    wanted = list(names(count))
    known = {one["email"]: one for one in admin.pages("/people", limit=200)}
    missing = [pair for pair in wanted if pair[0] not in known]
    if missing:
        print(f"  {len(missing)} agents are added...", flush=True)
        described = deploy.describe(cloud, stack.NAME)
        if described is None:
            raise SystemExit("Nothing is deployed here: make run")
        ensure_people(
            cloud,
            deploy.outputs(described),
            [
                FirstPerson(email=email, name=name, role="agent", password=PASSWORD)
                for email, name in missing
            ],
        )
        known = {one["email"]: one for one in admin.pages("/people", limit=200)}

    def place(pair: tuple[int, str]) -> None:
        number, email = pair
        person = known[email]
        want = {"portfolios": sorted(portfolios), "team": TEAMS[number % len(TEAMS)]}
        if {"portfolios": sorted(person["portfolios"]), "team": person["team"]} != want:
            admin.patch(f"/people/{person['person_id']}", want)

    emails = [email for email, _ in wanted]
    _at_once(place, enumerate(emails))
    return emails


def _calls(admin: Client, portfolios: list[str]) -> list[Call]:
    """The doors of some open cases, as the agents would find them."""
    found: list[Call] = []

    def look(case_id: str) -> None:
        for one in admin.get(f"/cases/{case_id}")["addresses"]:
            if one["lat"] is not None:
                key = one["address_id"]
                found.append(
                    Call(key=key, case_id=case_id, address_id=key, lat=one["lat"], lng=one["lng"])
                )

    for portfolio in portfolios[:2]:
        page = admin.get(f"/portfolios/{portfolio}/cases", sort="due", limit=CASES)
        _at_once(look, [one["case_id"] for one in page["items"]])
    return found


def _server_clock(url: str, email: str) -> Callable[[], datetime]:
    """The laptop's clock may have been moved; phones are asked to go by the server's."""
    one = Client(url)
    one.sign_in(email, PASSWORD)
    said = datetime.fromisoformat(one.get("/field/shifts/current")["server_time"])
    ahead = said - datetime.now(UTC)
    return lambda: datetime.now(UTC) + ahead


def _drive(
    phones: list[Phone],
    now: Callable[[], datetime],
    *,
    every_s: float,
    minutes: float | None,
    url: str,
) -> int:
    began = time.monotonic()
    print(f"  {len(phones)} agents clock in...", flush=True)
    _at_once(lambda phone: _clocked(phone.clock_in, now), phones)
    print(f"  They are on their way: {url}/panel/mapa/ - Ctrl-C clocks them out", flush=True)
    until = None if minutes is None else began + minutes * 60
    reported = began
    # Spread over the interval, as a town's phones are.
    due = [began + every_s * i / len(phones) for i in range(len(phones))]
    try:
        with ThreadPoolExecutor(WORKERS) as pool:
            while until is None or time.monotonic() < until:
                moment = time.monotonic()
                for index, phone in enumerate(phones):
                    if due[index] <= moment:
                        due[index] = max(due[index] + every_s, moment)
                        pool.submit(phone.send, now())
                if moment - reported >= REPORT_S:
                    reported = moment
                    _report(phones, moment - began)
                time.sleep(TICK_S)
    except KeyboardInterrupt:
        print()
    print("  They clock out...", flush=True)
    _at_once(lambda phone: _clocked(phone.clock_out, now), phones)
    _report(phones, time.monotonic() - began)
    return 0


def _clocked(what: Callable[[datetime], None], now: Callable[[], datetime]) -> None:
    try:
        what(now())
    except (Problem, OSError) as problem:
        print(f"  one could not: {problem}", file=sys.stderr)


def _report(phones: list[Phone], seconds: float) -> None:
    points = sum(phone.points for phone in phones)
    visits = sum(phone.visits for phone in phones)
    problems = sum(phone.problems for phone in phones)
    print(
        f"  {timedelta(seconds=round(seconds))}: {points} points, {points / seconds:.0f}/s, "
        f"{visits} visits, {problems} requests to be sent again",
        flush=True,
    )


def _at_once(work: Callable[[Any], None], items: Iterable[Any]) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        for _ in pool.map(work, items):
            pass


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
