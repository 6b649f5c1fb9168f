"""
How good routes are, and how soon: against best known costs, and PyVRP's longer search.

The instances are ``../shared/data/route_instances``; without them only the invented towns are
measured. Gaps are percent over the best known cost. Seconds are the processor's and one search
runs at a time, so that a busy machine changes the figures little. Some six minutes.
"""

import random
import statistics
import time

from bench.report import Figure, Report
from chalicelib.geo.point import Point
from chalicelib.routes import instances, team
from chalicelib.routes.best_known import best_known
from chalicelib.routes.ordering import ordered
from chalicelib.routes.problem import Call, Crew, Problem, Route, judge
from chalicelib.routes.travel import matrices
from tests.shared import SHARED

FOLDER = SHARED / "data" / "route_instances"


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
    quick = 100 * (cost(problem, team.insert(problem)) / best - 1)
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


def main() -> None:
    report = Report("routes")
    one_day(report, 25)
    one_day(report, 50)
    a_team(report)
    published(report)
    report.print()


if __name__ == "__main__":
    main()
