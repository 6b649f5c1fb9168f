"""A call to a debtor: what is said, what it can come to, how it ended."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import DayText, Instant
from chalicelib.handlers.models.forecasts import Forecast, Silence


class CallResult(Answer):
    """
    ``wants``: what must be there before the call may end. ``does``: what follows of itself.
    ``again_hours``: after how long it is worth trying again; 0 = not today.
    """

    code: str
    label: dict[str, str]
    met: Literal["holder", "third", "nobody", "none"]
    wants: list[Literal["promise", "agreement", "dispute", "callback", "note"]]
    does: str | None
    again_hours: int
    visits: bool


class OpenCall(Answer):
    """``rung``: the dialer rang for it."""

    attempt_id: str
    contact_id: str
    began_at: Instant
    by: str
    rung: bool


class CallSheet(Answer):
    """
    ``script``: what is said, step by step, with names in braces for the page to fill in; some of
    what they stand for is in ``words``. ``no_forecast``: why there is none. ``dialer``: one
    rings for a call, if it is asked to.
    """

    stage: Literal["before_due", "early", "late", "broken", "agreed", "disputed"]
    language: Literal["es", "en", "pt"]
    script: list[str]
    words: dict[str, str]
    forecast: Forecast | None
    no_forecast: Silence
    due_on: DayText | None
    brand: str
    results: list[CallResult]
    open: OpenCall | None
    dialer: bool


class NewCall(Body):
    contact_id: Annotated[str, Field(max_length=80)]


class EndCall(Body):
    """``mine``: whoever called calls back."""

    disposition: Annotated[str, Field(max_length=40)]
    note: Annotated[str, Field(max_length=4_000)] = ""
    call_back_at: AwareDatetime | None = None
    mine: bool = True
