"""How a portfolio orders its calls."""

from typing import Annotated

from pydantic import Field

from chalicelib.handlers.models import Body


class QueuePolicy(Body):
    """
    How calls are ordered: most points of a factor by its code, and what part of the calls each
    segment gets at least. `GET /portfolios/{id}/queue` tells the codes.
    """

    weights: Annotated[dict[str, int], Field(default_factory=dict, max_length=20)]
    least_percent: int = 10
    hold_minutes: int = 30
    fill: int = 200
