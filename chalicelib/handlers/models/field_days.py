"""An agent's day as his phone takes it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import DayText, Id, Instant, Minor, Money

AssignmentId = Annotated[str, Field(pattern=r"^asg_[A-Za-z0-9_\-]{8,60}$")]
ShowAmount = Literal["exact", "band", "none"]


class NewFieldAssignment(Body):
    """``assignment_id`` is made on the phone (``asg_`` and a random rest)."""

    assignment_id: AssignmentId
    case_id: Id
    address_id: Id


class StopAddress(Answer):
    """``radius_m``: within it one is at the door; 0 without a point."""

    address_id: str
    lines: str
    city: str
    lat: float | None
    lng: float | None
    quality: Literal["rooftop", "street", "town", "none"]
    radius_m: float


class AmountRange(Answer):
    """The step of 1, 2, 5, 10... in which the amount lies: from, up to but not with, to."""

    from_minor: Minor
    to_minor: Minor


class LastResult(Answer):
    """``label``: what a call's result is named, by language; the phone names the others."""

    at: Instant
    channel: str
    disposition: str
    verdict: str
    label: dict[str, str] | None


class StopNote(Answer):
    at: Instant
    text: str


class StopPromise(Answer):
    amount_minor: Minor | None
    due_on: DayText
    state: str


class StopWindow(Answer):
    """
    Whether a visit is allowed now (of a day to come: at its beginning), by which article if not,
    from when on, and until when that window lasts. Null: waiting does not help.
    """

    allowed: bool
    reason_code: str
    law: str
    next_allowed_at: Instant | None
    until: Instant | None


class Stop(Answer):
    """
    A case to be visited. ``amount`` is there where the portfolio shows it exactly, else
    ``amount_range`` where it shows a step. ``arrives``: seconds after the portfolio's midnight, as
    the route has it. ``why``: ``promise``, ``task``, ``zone``, ``rule``, ``manual``, ``near``.
    """

    assignment_id: str
    order: int
    case_id: str
    portfolio_id: str
    name: str
    address: StopAddress
    amount: Money | None
    amount_range: AmountRange | None
    band: str | None
    dpd: int
    debts: int
    products: list[str]
    last_results: list[LastResult]
    notes: list[StopNote]
    promise: StopPromise | None
    window: StopWindow
    distance_m: int | None
    arrives: int | None
    why: str
    state: Literal["planned", "done", "withdrawn"]
    withdrawn: str | None


class NearStops(Answer):
    items: list[Stop]


class PromiseRules(Answer):
    most_days: int
    least_minor: Minor


class FieldPortfolio(Answer):
    """``dispositions``: what a visit may come to."""

    name: str
    creditor: str
    agency: str
    colour: str
    country: str
    currency: str
    time_zone: str
    language: str
    cash_allowed: bool
    cash_limit_minor: int
    show_amount: ShowAmount
    promise: PromiseRules
    dispositions: list[dict[str, Any]]


class FieldForm(Answer):
    form_id: str
    version: int
    compiled: dict[str, Any]


class Dropped(Answer):
    """A visit that is no longer wanted of this agent, and why."""

    assignment_id: str
    code: str


class FieldPerson(Answer):
    person_id: str
    name: str


class FieldDay(Answer):
    """``unchanged``: nothing moved since the ``mark`` that was sent, and nothing is sent."""

    date: DayText
    mark: str
    unchanged: bool
    server_time: Instant
    person: FieldPerson
    portfolios: dict[str, FieldPortfolio]
    stops: list[Stop]
    forms: list[FieldForm]
    dropped: list[Dropped]
