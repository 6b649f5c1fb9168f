"""Every kind of file is read, its distances counted as its best known cost was."""

import json

import pytest

from chalicelib.routes import instances
from chalicelib.routes.best_known import best_known
from chalicelib.routes.problem import Route, judge
from cli.__main__ import main
from tests.shared import SHARED, needs_shared

FOLDER = SHARED / "data" / "route_instances"
FILES = sorted(
    path for path in FOLDER.rglob("*") if path.suffix in (".vrp", ".txt", ".tsp") or
    (path.suffix == ".json" and path.parent.name == "real_addresses")
)  # fmt: skip
HEAD = "NAME : kleiner\nTYPE : TSP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EXPLICIT\n"


def solution(path):
    """The routes of a ``.sol`` or ``.opt.tour`` beside an instance, in the file's own names."""
    routes = [
        [int(word) for word in line.split(":")[1].split()]
        for line in path.with_suffix(".sol").read_text().splitlines()
        if line.startswith("Route")
    ]
    return [route for route in routes if route]


@needs_shared
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shared_instance_is_read(path):
    instance = instances.read(path.name, path.read_text())

    assert len(instance.problem.distances) == len(instance.problem.calls) + 1
    assert instance.names[0] >= 1


@needs_shared
@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.with_suffix(".sol").is_file()],
    ids=lambda path: path.stem,
)
def test_the_best_known_plan_costs_what_it_is_said_to(path):
    """Distances, demands and windows are read right if the published plan fits to the unit."""
    instance = instances.read(path.name, path.read_text())
    routes = [
        Route(crew=0, calls=tuple(instance.names.index(name) for name in route))
        for route in solution(path)
    ]

    verdict = judge(instance.problem, routes)

    assert verdict.broken == ()
    assert verdict.distance / instance.scale == best_known(instance, path)


@needs_shared
def test_every_length_of_a_best_tour_is_the_published_one():
    known = json.loads((FOLDER / "BEST_KNOWN.json").read_text())
    for path in (FOLDER / "tsplib").glob("*.tsp"):
        instance = instances.read(path.name, path.read_text())

        assert best_known(instance, path) == known[path.stem]["optimum"]


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        ("FULL_MATRIX", "0 1 2 3\n1 0 4 5\n2 4 0 6\n3 5 6 0"),
        ("UPPER_ROW", "1 2 3\n4 5\n6"),
        ("LOWER_ROW", "1\n2 4\n3 5 6"),
        ("UPPER_DIAG_ROW", "0 1 2 3 0 4 5 0 6 0"),
        ("LOWER_DIAG_ROW", "0 1 0 2 4 0 3 5 6 0"),
        ("LOWER_DIAG_COL", "0 1 2 3 0 4 5 0 6 0"),
        ("UPPER_COL", "1\n2 4\n3 5 6"),
    ],
)
def test_explicit_distances_in_every_form(form, cells):
    text = f"{HEAD}EDGE_WEIGHT_FORMAT : {form}\nEDGE_WEIGHT_SECTION\n{cells}\nEOF\n"

    table = instances.read("kleiner.tsp", text).problem.distances

    assert table == [[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, 6], [3, 5, 6, 0]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing",
        "{}",
        '{"stops": [{"lat": 91, "lon": 0}]}',
        "TYPE : SOP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\n",
        "TYPE : TSP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : XRAY1\nNODE_COORD_SECTION\n1 0 0\n",
        "TYPE : TSP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n",
    ],
)
def test_what_is_no_instance_is_refused(text):
    with pytest.raises(instances.BadInstance):
        instances.read("x.vrp", text)


def test_a_best_cost_in_a_comment_is_found():
    text = "COMMENT : (Augerat, No of trucks: 2, Optimal value: 12)\nTYPE : CVRP\nDIMENSION : 3\n"
    text += "EDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 5\nNODE_COORD_SECTION\n1 0 0\n2 0 3\n3 4 0\n"
    text += "DEMAND_SECTION\n1 0\n2 1\n3 1\nDEPOT_SECTION\n1\n-1\nEOF\n"

    assert instances.read("a.vrp", text).reference == 12


def day(tmp_path):
    path = tmp_path / "dia.json"
    corners = [(19.40, -99.15), (19.44, -99.15), (19.44, -99.11), (19.40, -99.11)]
    stops = [{"lat": lat, "lon": lng} for lat, lng in corners]
    path.write_text(json.dumps({"stops": stops, "reference_cost_m": 16_000}))
    return path


@pytest.mark.parametrize("solver", ["quick", "pyvrp"])
def test_route_prints_the_cost_and_the_gap(tmp_path, capsys, solver):
    status = main(["route", str(day(tmp_path)), "--seconds", "0.2", "--solver", solver, "--json"])

    said = json.loads(capsys.readouterr().out)
    assert (status, said["feasible"], said["solver"]) == (0, True, solver)
    assert said["best_known"] == 16_000
    assert said["gap_percent"] == round(100 * (said["cost"] - 16_000) / 16_000, 3)
    assert sorted(said["routes"][0]) == [1, 2, 3]
    assert said["cost"] < 17_500


def test_route_prints_for_people(tmp_path, capsys):
    assert main(["route", str(day(tmp_path)), "--solver", "quick"]) == 0

    printed = capsys.readouterr().out
    assert "best known 16000  gap" in printed
    assert "dia (addresses, 3 stops): cost" in printed


def test_a_plan_that_cannot_be_driven_is_one(tmp_path, capsys):
    path = tmp_path / "voll.json"
    stops = [{"lat": 19.4, "lon": -99.1 + n / 100} for n in range(4)]
    path.write_text(json.dumps({"stops": stops, "capacity_stops": 2, "vehicles_max": 1}))

    assert main(["route", str(path), "--solver", "quick"]) == 1
    assert "cannot be driven" in capsys.readouterr().out


def test_no_instance_is_two(tmp_path, capsys):
    path = tmp_path / "x.vrp"
    path.write_text("nothing")

    assert main(["route", str(path)]) == 2
