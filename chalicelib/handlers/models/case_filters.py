"""What a list of cases is asked by: one shape for exports, bulk jobs and saved views."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.handlers.models import Body
from chalicelib.handlers.models.common import Minor


class CaseFilters(Body):
    """The filters of the list of cases, and its order. ``owner``: a person's id, or `none`.
    ``charged_off``: whether any debt is, and owes.
    """

    q: Annotated[str, Field(max_length=200)] | None = None
    sort: Annotated[str, Field(max_length=20)] | None = None
    band: Annotated[str, Field(max_length=20)] | None = None
    min_minor: Minor | None = None
    max_minor: Minor | None = None
    city: Annotated[str, Field(max_length=120)] | None = None
    status: Annotated[str, Field(max_length=20)] | None = None
    tag: Annotated[str, Field(max_length=60)] | None = None
    owner: Annotated[str, Field(max_length=60)] | None = None
    untouched_days: Annotated[int, Field(ge=1, le=365)] | None = None
    charged_off: Literal["yes", "no"] | None = None
