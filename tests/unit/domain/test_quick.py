"""A record that is made quickly is the record the library would have made."""

import copy
import inspect
from dataclasses import FrozenInstanceError, dataclass, field, fields

import pytest

from chalicelib.domain.case import CaseChange, CaseFile, CaseHead, Debt
from chalicelib.domain.ledger import Balance, Entry
from chalicelib.domain.quick import quick, replaced
from chalicelib.domain.timeline import Event
from chalicelib.intake.rows import DebtRow


def make(decorate):
    @decorate
    @dataclass(frozen=True, slots=True)
    class Sum:
        minor: int
        parts: list[int] = field(default_factory=list)
        note: str = field(default="", kw_only=True)

        def __post_init__(self):
            if sum(self.parts) != self.minor:
                raise ValueError("parts")

    return Sum


def test_it_takes_what_the_librarys_takes():
    ours, theirs = make(quick), make(lambda made: made)

    assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters)
    assert repr(ours(3, [1, 2], note="x")) == repr(theirs(3, [1, 2], note="x"))
    assert (ours(0).parts, ours(0).note) == ([], "")
    assert ours(0).parts is not ours(0).parts


def test_it_checks_itself_and_stays_frozen():
    ours = make(quick)

    with pytest.raises(ValueError, match="parts"):
        ours(3, [1])
    for record in (ours(0), replaced(ours(0), note="x")):
        assert type(record) is ours
        with pytest.raises(FrozenInstanceError):
            record.minor = 1


@pytest.mark.parametrize(
    "made", [CaseChange, CaseFile, CaseHead, Debt, Balance, Entry, Event, DebtRow]
)
def test_every_field_is_put_where_it_belongs(made):
    values = {one.name: 0 if one.name.endswith("_minor") else one.name for one in fields(made)}

    record = made(**values)

    assert {name: getattr(record, name) for name in values} == values


def test_it_is_replaced_as_the_librarys_is():
    ours = make(quick)
    one = ours(3, [1, 2], note="x")

    assert replaced(one, note="y") == ours(3, [1, 2], note="y")
    assert one.note == "x"
    assert copy.copy(one) == one
    with pytest.raises(ValueError, match="parts"):
        replaced(one, minor=4)
    with pytest.raises(TypeError, match="colour"):
        replaced(one, colour="red")


@pytest.mark.parametrize("made", [CaseHead, Debt, Entry, Event, DebtRow])
def test_every_field_can_be_replaced(made):
    values = {one.name: 0 if one.name.endswith("_minor") else one.name for one in fields(made)}
    record = made(**values)

    for name in values:
        if not name.endswith("_minor"):
            other = replaced(record, **{name: "other"})
            assert {n: getattr(other, n) for n in values} == values | {name: "other"}
