"""Lists of cases that people name."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.case_filters import CaseFilters

ViewName = Annotated[str, Field(min_length=1, max_length=60)]


class NewView(Body):
    name: ViewName
    filters: CaseFilters
    shared: bool = False


class ChangeView(Body):
    """``opens``: whether one's own list opens with it; of one view at a time."""

    name: ViewName | None = None
    filters: CaseFilters | None = None
    shared: bool | None = None
    opens: bool | None = None


class View(Answer):
    view_id: str
    portfolio_id: str
    name: str
    filters: dict[str, Any]
    shared: bool
    own: bool
    opens: bool
    can_change: bool


class Views(Answer):
    items: list[View]
    cursor: str | None
