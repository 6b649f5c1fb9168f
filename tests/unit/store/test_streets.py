"""Amazon Location's ways by road, stubbed as the service answers."""

import boto3
import pytest
from botocore.stub import Stubber

from chalicelib.geo.point import Point
from chalicelib.routes.day import Agent, Visit, order_day
from chalicelib.routes.travel import matrices
from chalicelib.store.streets import MOST_PLACES, AmazonLocationStreets

HERE, THERE = Point(19.4326, -99.1332), Point(19.4426, -99.1332)
PLACES = [{"Position": [-99.1332, 19.4326]}, {"Position": [-99.1332, 19.4426]}]
ASKED = {
    "Origins": PLACES,
    "Destinations": PLACES,
    "RoutingBoundary": {"Geometry": {"AutoCircle": {"Margin": 2000, "MaxRadius": 200000}}},
    "TravelMode": "Car",
}


def way(metres, seconds, **error):
    return {"Distance": metres, "Duration": seconds} | error


def an_answer(*rows):
    return {
        "ErrorCount": 0,
        "PricingBucket": "x",
        "RouteMatrix": [list(row) for row in rows],
        "RoutingBoundary": {"Unbounded": True},
    }


@pytest.fixture
def stub():
    client = boto3.client(
        "geo-routes",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    with Stubber(client) as stub:
        yield stub


@pytest.fixture
def problems():
    return []


@pytest.fixture
def streets(stub, problems):
    return AmazonLocationStreets(stub.client, problem=problems.append)


def test_ways_are_those_by_road_in_each_direction(stub, streets):
    rows = [way(0, 0), way(2100, 400)], [way(1700, 300), way(0, 0)]
    stub.add_response("calculate_route_matrix", an_answer(*rows), ASKED)

    assert streets([HERE, THERE]) == ([[0, 2100], [1700, 0]], [[0, 400], [300, 0]])


def test_a_way_that_it_does_not_know_is_a_straight_one_made_longer(stub, streets):
    rows = [way(0, 0), way(0, 0, Error="NoMatch")], [way(1700, 300), way(0, 0)]
    stub.add_response("calculate_route_matrix", an_answer(*rows), ASKED)

    metres, seconds = streets([HERE, THERE])

    straight, slow = matrices([HERE, THERE])
    assert (metres[0][1], seconds[0][1]) == (straight[0][1], slow[0][1])
    assert metres[1][0] == 1700


def test_without_an_answer_the_day_is_planned_all_the_same(stub, streets, problems):
    stub.add_client_error("calculate_route_matrix", "ThrottlingException")
    visits = [Visit(visit_id="v", point=THERE)]

    day = order_day(Agent(agent_id="a", start=HERE), visits, tables=streets)

    assert [stop.visit_id for stop in day.stops["a"]] == ["v"]
    assert len(problems) == 1


def test_more_places_than_a_day_are_never_asked_for(streets, problems):
    points = [Point(19 + n / 1000, -99) for n in range(MOST_PLACES + 1)]

    assert streets(points) == matrices(points)
    assert problems == []
