"""What people had erased and want to be reached at again."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Instant

Kind = Literal["phone", "email", "tax", "address"]


class AskedAgain(Body):
    """
    ``value``: as people write it in the portfolio's country; of an address street, city and
    postal code. ``reason``: how the person asked, which the audit keeps.
    """

    kind: Kind
    value: Annotated[str, Field(min_length=1, max_length=300)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class Ended(Answer):
    """``request_id``: the request by law for which it was on the list, ``since`` when."""

    kind: Kind
    request_id: str
    since: Instant
