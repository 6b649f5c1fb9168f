"""Forgetting a person: field by field, whatever a case may hold; what stays is written down."""

import dataclasses
import enum
import types
import typing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.compliance import erasure_rules
from chalicelib.domain import forgetting, timeline
from chalicelib.domain.case import CaseFile, CaseStatus, PointQuality
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.draft import Draft, after
from chalicelib.domain.timeline import ChainHead
from chalicelib.domain.visit import Mark
from tests.builders import NOW, a_portfolio

MARK = "Zzmarcado"
NUMBER = "7Q2M-0K4T"
PLACE = 19.4326018
AT = datetime(2026, 10, 1, tzinfo=UTC)
# Texts that stay, and of which rule. Whoever adds a field to a case says here or in the rules
# what becomes of it. Ids, codes of ours and actors are texts, too.
STAYS = {
    "ledger": {"Entry.*"},
    "debts": {"Debt.*", "ChargeOff.charge_off_id", "ChargeOff.upload_id", "ChargeOff.*_by"},
    "payments": {"Received.*", "ProviderPayment.*", "Back.*", "Checkout.*", "Target.*"},
    "agreements": {
        "Agreement.*", "Covered.*", "Proof.reference", "Proof.sha256", "Breach.*", "PromiseToPay.*",
    },
    "receipts": {"IssuedDocument.*", "CreditorPaper.*", "Cash.*"},
    "chain": {"Event.*", "ChainHead.*"},
    "contact_proof": {
        "Attempt.*", "Cause.*", "Ruling.*", "Consent.*", "Hold.*", "Dispute.*", "Resolution.*",
        "Reported.*", "Task.*", "Assignment.*", "Visit.*", "Report.*", "Findings.*", "Judgement.*",
        "Sign.*", "Clash.code", "Review.by", "Met.who", "Unmade.reason", "Answers.form_id",
        "Promised.promise_id", "Disputed.kind",
    },
    "case": {"CaseHead.*"},
}  # fmt: skip


def filled(kind: typing.Any, name: str = "") -> typing.Any:  # noqa: PLR0911 (one a kind)
    """A value of a type with a marker in every text, one of everything in every tuple."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return filled(next(part for part in parts if part is not type(None)), name)
    if origin is tuple:
        if parts[-1] is Ellipsis:
            return (filled(parts[0], name),)
        return tuple(filled(part, name) for part in parts)
    if origin is dict:
        return {name: filled(parts[1], name)} if parts[1] is not int else {}
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(
            **{
                f.name: filled(hints[f.name], f"{kind.__name__}.{f.name}")
                for f in dataclasses.fields(kind)
            }
        )
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    place = PLACE if name.endswith((".lat", ".lng")) else 1.5
    number = 0 if name.endswith("_minor") else 1
    known = {str: f"{MARK}:{name}", int: number, float: place, bool: False, datetime: AT}
    known |= {date: AT.date(), typing.Any: f"{MARK}:{name}", object: f"{MARK}:{name}"}
    return known[kind]


def marked(value: typing.Any) -> set[str]:
    """The fields that a marker is still found in."""
    if isinstance(value, str):
        return {value.removeprefix(f"{MARK}:")} if value.startswith(MARK) else set()
    if isinstance(value, dict):
        return set().union(*(marked(one) for pair in value.items() for one in pair))
    if isinstance(value, tuple | list):
        return set().union(*(marked(one) for one in value))
    if dataclasses.is_dataclass(value):
        return set().union(*(marked(getattr(value, f.name)) for f in dataclasses.fields(value)))
    return set()


def a_full_case(status: CaseStatus = CaseStatus.SETTLED) -> CaseFile:
    file = filled(CaseFile)
    event = timeline.append(
        ChainHead(),
        "note.added",
        at=AT,
        actor="user:ana",
        personal={"text": f"{MARK}:Event.personal"},
    )
    debt = replace(file.debts[0], void=True)
    head = replace(
        file.head,
        status=status,
        balance_minor=0,
        oldest_due_on=None,
        agenda_on=None,
        merged_into=None,
        chain=timeline.head_after(event),
        erased="",
    )
    attempt = replace(file.attempts[0], state=AttemptState.PLANNED)
    return replace(file, head=head, events=(event,), attempts=(attempt,), debts=(debt,))


def forgotten(file: CaseFile, most: int = 60, upto: int = 1_000) -> tuple[CaseFile, int]:
    for turn in range(upto):
        draft = Draft(file, a_portfolio(), actor="user:eva", now=NOW)
        again = draft.forget(NUMBER, marks=_marks, most_items=most)
        change = draft.change()
        assert again is (change is not None)
        if change is None:
            return file, turn
        file = after(file, change)
    return file, upto


def _marks(visit):
    return [Mark(family="spot", value="19,-99", of=visit.visit_id)]


@pytest.mark.parametrize("status", [CaseStatus.SETTLED, CaseStatus.VOID])
def test_every_text_of_a_case_goes_or_is_written_down_as_staying(status):
    file, _ = forgotten(a_full_case(status))
    allowed = {pattern for patterns in STAYS.values() for pattern in patterns}
    gone = {field for rule in erasure_rules.goes() for field in rule.fields}

    left = marked(file)

    def stays(field):
        kind, _, name = field.partition(".")
        by = name.endswith("_by") and f"{kind}.*_by" in allowed
        return field in allowed or f"{kind}.*" in allowed or by

    assert {field for field in left if not stays(field)} == set()
    assert left & gone == set(), "the rules say that it goes"
    assert str(PLACE) not in repr(file)
    assert forgetting.empty(file)
    assert file.head.erased == NUMBER


def test_what_the_rules_say_goes_was_there():
    """A rule that names no field of a case, or one that was renamed, is no rule."""
    hints = {one.__name__: one for one in _classes(CaseFile)}
    for rule in erasure_rules.goes():
        for field in rule.fields:
            kind, _, name = field.partition(".")
            if kind in ("DataRequest", "Step", "RequestAnswer", "Erasure"):
                continue
            assert kind in hints, field
            assert not name or name in {f.name for f in dataclasses.fields(hints[kind])}, field


def _classes(kind, seen=None):
    seen = set() if seen is None else seen
    if dataclasses.is_dataclass(kind) and kind not in seen:
        seen.add(kind)
        for hint in typing.get_type_hints(kind).values():
            _classes(hint, seen)
    for part in typing.get_args(kind):
        _classes(part, seen)
    return seen


def test_the_chain_verifies_and_the_account_stays():
    before = a_full_case()
    file, _ = forgotten(before)

    assert timeline.verify(file.events, file.head.chain).ok
    assert file.entries == before.entries
    for name in ("balance_minor", "due_buckets", "status", "created_at"):
        assert getattr(file.head, name) == getattr(before.head, name)
    assert (file.contacts, file.addresses) == ((), ())
    assert all(one.state is AttemptState.WITHDRAWN for one in file.attempts)


def test_it_goes_on_wherever_it_was_broken_off_and_ends_alike():
    before = a_full_case()
    whole, _ = forgotten(before, most=12)
    ends = set()
    for upto in range(1, 30):
        part, turns = forgotten(before, most=12, upto=upto)
        rest, _ = forgotten(part, most=12)
        plain = replace(rest, events=(), head=replace(rest.head, version=0, chain=whole.head.chain))
        ends.add(repr(plain))
        if turns < upto:
            break

    assert len(ends) == 1
    assert forgotten(whole) == (whole, 0)


def test_counting_and_erasing_are_one_truth():
    before = a_full_case()

    assert set(forgetting.counted(before)) >= {
        "name", "tax_id", "contacts", "addresses", "wishes", "notes", "words", "messages",
        "waiting", "tasks", "visits", "photos", "answers", "files", "links",
    }  # fmt: skip
    assert forgetting.counted(forgotten(before)[0]) == {}
    assert forgetting.kept(before).keys() - {"refusals"} == (
        forgetting.kept(forgotten(before)[0]).keys()
    )


def test_no_quality_of_a_point_keeps_an_address():
    for quality in PointQuality:
        file = a_full_case()
        file = replace(file, addresses=(replace(file.addresses[0], quality=quality),))
        assert forgotten(file)[0].addresses == ()
