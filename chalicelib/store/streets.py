"""Amazon Location as what knows the streets: metres and seconds between places by road."""

from collections.abc import Callable, Sequence
from typing import Any

from chalicelib.geo.point import Point
from chalicelib.routes.problem import Matrix
from chalicelib.routes.travel import matrices

# A day of one agent: 60 visits, where it begins and where it ends. Every pair is paid for.
MOST_PLACES = 62
MARGIN_M = 2_000  # around the places, for the way itself
MOST_RADIUS_M = 200_000


class AmazonLocationStreets:
    """
    Asks Amazon Location (``geo-routes``) for all ways between some places, in one request.

    Where it knows none, or when it does not answer, straight lines made longer stand in: a plan
    by rough ways is better than none.

    Args:
        client: A boto3 ``geo-routes`` client.
        problem: Told what went wrong.
    """

    def __init__(self, client: Any, *, problem: Callable[[Exception], None]) -> None:
        self._client = client
        self._problem = problem

    def __call__(self, points: Sequence[Point]) -> tuple[Matrix, Matrix]:
        metres, seconds = matrices(points)
        if not 2 <= len(points) <= MOST_PLACES:
            return metres, seconds
        places = [{"Position": [point.lng, point.lat]} for point in points]  # GeoJSON order
        try:
            answer = self._client.calculate_route_matrix(
                Origins=places,
                Destinations=places,
                RoutingBoundary={
                    "Geometry": {"AutoCircle": {"Margin": MARGIN_M, "MaxRadius": MOST_RADIUS_M}}
                },
                TravelMode="Car",
            )
        except Exception as error:
            self._problem(error)
            return metres, seconds
        for row, ways in enumerate(answer["RouteMatrix"]):
            for column, way in enumerate(ways):
                if row != column and not way.get("Error"):
                    metres[row][column] = int(way["Distance"])
                    seconds[row][column] = int(way["Duration"])
        return metres, seconds
