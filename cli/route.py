"""``./recobro route INSTANCE --seconds 5``: plan a routing problem, and how far from the best."""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from chalicelib.routes import instances, team
from chalicelib.routes.best_known import best_known
from chalicelib.routes.instances import Instance
from chalicelib.routes.ordering import ordered
from chalicelib.routes.problem import Route, judge

THOROUGH = 1000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="INSTANCE", help=".vrp, .txt (Solomon), .tsp or .json of stops"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to search")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="searches at once; the best is kept"
    )
    parser.add_argument(
        "--solver",
        choices=("pyvrp", "quick"),
        help="quick: the order that a request makes, without a solver",
    )


def run(options: argparse.Namespace) -> int:
    """
    Returns:
        0 when the plan can be driven, 1 when it breaks a limit, 2 when the file is none.
    """
    try:
        text = options.file.read_text(encoding="utf-8-sig")
        instance = instances.read(options.file.name, text)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    solver = options.solver or ("pyvrp" if team.has_solver() else "quick")
    began = time.monotonic()
    routes = _plan(instance, solver, options)
    took = time.monotonic() - began
    said = _said(instance, routes, best_known(instance, options.file))
    said |= {"solver": solver, "seconds": round(took, 2)}
    if options.json:
        print(json.dumps(said))
    else:
        _print(said)
    return 0 if said["feasible"] else 1


def _plan(instance: Instance, solver: str, options: argparse.Namespace) -> list[Route]:
    problem = instance.problem
    if solver == "pyvrp":
        return team.solve_best(
            problem, seconds=options.seconds, seed=options.seed, jobs=options.jobs
        )
    crew = problem.crews[0]
    if crew.number == 1 and len(problem.crews) == 1 and crew.capacity is None:
        order = ordered(problem.calls, crew, problem.distances, problem.durations, kicks=THOROUGH)
        return [Route(crew=0, calls=tuple(order))]
    return team.insert(problem)


def _said(instance: Instance, routes: list[Route], best: float | None) -> dict[str, Any]:
    verdict = judge(instance.problem, routes)
    cost = verdict.distance / instance.scale
    return {
        "instance": instance.name,
        "kind": instance.kind,
        "stops": len(instance.problem.calls),
        "cost": int(cost) if instance.scale == 1 else cost,
        "best_known": best,
        "gap_percent": None if not best else round(100 * (cost - best) / best, 3),
        "feasible": not verdict.broken,
        "broken": list(verdict.broken),
        "routes": [[instance.names[call] for call in route.calls] for route in routes],
    }


def _print(said: dict[str, Any]) -> None:
    gap = "" if said["gap_percent"] is None else f"  best known {said['best_known']:g}"
    gap += "" if said["gap_percent"] is None else f"  gap {said['gap_percent']:.2f} %"
    for number, route in enumerate(said["routes"], start=1):
        print(f"{number:>3}: {' '.join(map(str, route))}")
    print(
        f"{said['instance']} ({said['kind']}, {said['stops']} stops): "
        f"cost {said['cost']:g}{gap}  {len(said['routes'])} routes  "
        f"{said['solver']}, {said['seconds']} s"
    )
    for text in said["broken"]:
        print(f"cannot be driven: {text}")
