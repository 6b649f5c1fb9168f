"""
How good routes are, and how soon: against best known costs, and PyVRP's longer search.

The instances are ``../shared/data/route_instances``, the addresses of teams' days
``../shared/data/addresses_mx``; without them only the invented towns are measured. Gaps are percent
over the best known cost. Seconds are the processor's and one search runs at a time, so that a busy
machine changes the figures little. Some seven minutes.
"""

import csv
import random
import statistics
import time

from bench.report import Figure, Report
from chalicelib.geo.point import Point
from chalicelib.routes import instances, team, team_plan
from chalicelib.routes.best_known import best_known
from chalicelib.routes.day import AT_ONCE_S, Agent, Visit, plan_team
from chalicelib.routes.ordering import ordered
from chalicelib.routes.problem import Call, Crew, Problem, Route, judge
from chalicelib.routes.travel import matrices
from chalicelib.services.assignment_plans import even_share
from tests.shared import SHARED

FOLDER = SHARED / "data" / "route_instances"
ADDRESSES = SHARED / "data" / "addresses_mx" / "valle_de_mexico_points.csv"
TEAMS = ((2, 15), (4, 40), (5, 100), (10, 200))  # agents, visits
DISTRICT = 4  # of so many addresses for each that is visited


def town(count: int, seed: int) -> Problem:
    """A day of *count* stops over 20 km, ten agents' worth for 300."""
    chance = random.Random(seed)  # noqa: S311 - invented places
    points = [
        Point(19.40 + chance.gauss(0, 0.05), -99.15 + chance.gauss(0, 0.05))
        for _ in range(count + 1)
    ]
    metres, seconds = matrices(points)
    many = count > 60
    return Problem(
        distances=metres,
        durations=seconds,
        calls=tuple(Call(place=place, demand=1) for place in range(1, count + 1)),
        crews=(Crew(number=10 if many else 1, capacity=32 if many else None),),
    )


def solved(problem: Problem, seconds: float) -> list[Route]:
    return team.solve(problem, seconds=seconds, clock=time.process_time)


def cost(problem: Problem, routes: list[Route]) -> int:
    verdict = judge(problem, routes)
    assert not verdict.broken, verdict.broken
    return verdict.distance


def one_day(report: Report, stops: int) -> None:
    gaps, took = [], []
    for seed in range(4):
        problem = town(stops, seed)
        best = cost(problem, solved(problem, 5))
        began = time.process_time()
        order = ordered(problem.calls, problem.crews[0], problem.distances, problem.durations)
        took.append((time.process_time() - began) * 1000)
        gaps.append(100 * (cost(problem, [Route(crew=0, calls=tuple(order))]) / best - 1))
    name = f"one agent, {stops} stops"
    report.add(
        Figure(metric=f"{name}: over PyVRP 5 s", value=round(max(gaps), 2), unit="%", target=1.0)
    )
    report.add(
        Figure(
            metric=f"{name}: time", value=round(statistics.median(took), 1), unit="ms of CPU",
            target=50.0,
        )
    )  # fmt: skip


def a_team(report: Report) -> None:
    problem = town(300, 1)
    best = cost(problem, solved(problem, 20))
    for seconds, target in ((5, None), (10, 1.0)):
        value = 100 * (cost(problem, solved(problem, seconds)) / best - 1)
        report.add(
            Figure(
                metric=f"10 agents, 300 visits: {seconds} s over 20 s",
                value=round(value, 2), unit="%", target=target,
            )
        )  # fmt: skip
    quick = 100 * (cost(problem, team.insert(problem, seconds=AT_ONCE_S)) / best - 1)
    report.add(
        Figure(metric="10 agents, 300 visits: without the solver", value=round(quick, 2), unit="%")
    )


def published(report: Report) -> None:
    files = [p for p in FOLDER.rglob("*") if p.suffix in (".vrp", ".txt", ".tsp")]
    files += (FOLDER / "real_addresses").glob("*.json")
    for path in sorted(files):
        instance = instances.read(path.name, path.read_text())
        best = best_known(instance, path)
        if best is None:
            continue
        # Within 20 s: what the reference tours of real addresses took, too.
        target_at_20 = {".vrp": 2.0, ".json": 0.0}.get(path.suffix)
        for seconds in (5,) if target_at_20 is None else (5, 20):
            found = cost(instance.problem, solved(instance.problem, seconds))
            target = target_at_20 if seconds == 20 else None
            report.add(
                Figure(
                    metric=f"{instance.name}: gap at {seconds} s",
                    value=round(100 * (found / instance.scale / best - 1), 2),
                    unit="%", target=target,
                )
            )  # fmt: skip


def real_teams(report: Report) -> None:
    """What the planner's function saves of the first division, which the request makes."""
    if not ADDRESSES.is_file():
        return
    with ADDRESSES.open(encoding="utf-8") as file:
        known = [Point(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)]
    for number, wanted in TEAMS:
        longer, minutes, at_once, took = [], [], [], []
        for seed in range(4):
            agents, visits = a_days_work(known, number, wanted, seed)
            began = time.process_time()
            first = plan_team(agents, visits, seconds=0)
            at_once.append(time.process_time() - began)
            began = time.monotonic()
            found = team_plan.better(agents, visits, first)
            took.append(time.monotonic() - began)
            day = found[0] if found else first
            assert len(day.left_out) <= len(first.left_out)
            longer.append(100 * (first.metres / day.metres - 1))
            minutes.append((first.seconds - day.seconds) / 60)
        name = f"{number} agents, {wanted} real addresses"
        for metric, values, digits, unit in (
            ("the first division over the function's", longer, 1, "%"),
            ("on the way less, all agents together", minutes, 0, "min"),
            ("time of the first division", at_once, 2, "s of CPU"),
            ("time of the function", took, 1, "s"),
        ):
            value = round(statistics.median(values), digits)
            report.add(Figure(metric=f"{name}: {metric}", value=value, unit=unit))


def a_days_work(
    known: list[Point], number: int, wanted: int, seed: int
) -> tuple[list[Agent], list[Visit]]:
    """Addresses of one district, one in fifteen with a promise; agents who live there."""
    chance = random.Random(seed)  # noqa: S311 - which of them
    middle = chance.choice(known)
    near = sorted(known, key=lambda p: (p.lat - middle.lat) ** 2 + (p.lng - middle.lng) ** 2)
    near = near[: DISTRICT * wanted]
    visits = [
        Visit(visit_id=str(n), point=point, opens=7 * 3600, closes=20 * 3600, promised=n % 15 == 0)
        for n, point in enumerate(chance.sample(near, wanted))
    ]
    most = even_share(wanted, [0] * number)
    agents = [
        Agent(agent_id=str(n), start=chance.choice(near), visits_max=most) for n in range(number)
    ]
    return agents, visits


def main() -> None:
    report = Report("routes")
    one_day(report, 25)
    one_day(report, 50)
    a_team(report)
    real_teams(report)
    published(report)
    report.print()


if __name__ == "__main__":
    main()
