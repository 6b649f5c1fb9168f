"""A new case made at one go is what its draft would have become, to the letter."""

from dataclasses import replace
from datetime import date, timedelta

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.charge_off import Booked
from chalicelib.domain.upload import Upload, UploadMode, UploadState
from chalicelib.intake.rows import AddressValue, DebtRow, InstalmentValue
from chalicelib.services import upload_debts
from chalicelib.store import case_rows
from tests.builders import NOW, a_portfolio

UPLOAD = Upload(
    upload_id="upl_1",
    portfolio_id="prt_1",
    mode=UploadMode.DEBTS,
    state=UploadState.APPLYING,
    filename="cartera.csv",
    size_bytes=1,
    created_by="user:1",
    created_at=NOW,
    updated_at=NOW,
    object_key="in/prt_1/upl_1/cartera.csv",
    mapping={"columns": {"0": "debt_id", "1": "amount"}},
)
CONTEXT = {"actor": "upload:upl_1", "now": NOW, "salt": bytes}
minor = st.integers(0, 5_000)
days = st.dates(date(2026, 1, 1), date(2027, 1, 1))
DEBTORS = st.fixed_dictionaries(
    {
        "debtor_id": st.sampled_from(["", "C-1"]),
        "name": st.sampled_from(["", "Ana Ñandú", 'O"Neil']),
        "tax_id": st.sampled_from(["", "VEGA850101AB1"]),
        "party": st.sampled_from(["debtor", "debtor", "debtor", "codebtor"]),
        "phones": st.lists(st.sampled_from(["+525512345678", "+525587654321"])).map(tuple),
        "emails": st.lists(st.sampled_from(["ana@example.com", "a@example.com"])).map(tuple),
        "address": st.none()
        | st.builds(
            AddressValue,
            lines=st.sampled_from(["Calle 1", "Río Ñ 2"]),
            city=st.sampled_from(["", "León"]),
            region=st.just(""),
            postal_code=st.sampled_from(["", "37000"]),
            lat=st.sampled_from([None, 21.12345]),
            lng=st.just(-101.6),
            cell=st.just("8a2a1072b59ffff"),
        ),
    }
)

BOOKED = st.sampled_from([None, None, Booked(charged_off=False), Booked(charged_off=True)])


@st.composite
def files(draw) -> list[DebtRow]:
    """Rows of one debtor, who is mostly described alike in all of them."""
    debtors = draw(st.lists(DEBTORS, min_size=1, max_size=2))
    tags, note = draw(st.sampled_from([((), "")] * 4 + [(("vip",), ""), ((), "llamar")]))
    rows = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        principal, interest, fees = draw(minor), draw(minor), draw(minor)
        parts = draw(st.sampled_from([0, 0, 0, 2]))
        due_on, booked = draw(days), draw(BOOKED)
        for part in range(1, max(1, parts) + 1):
            part_due = due_on + timedelta(days=30 * part)
            rows.append(
                DebtRow(
                    row_number=len(rows) + 1,
                    debtor_key="id:c-1",
                    external_id=f"F-{number}",
                    external_id_given=True,
                    product=draw(st.sampled_from(["", "Crédito"])),
                    issued_on=draw(st.none() | days),
                    due_on=part_due,
                    principal_minor=principal + 1,
                    interest_minor=interest,
                    fees_minor=fees,
                    amount_minor=principal + 1 + interest + fees,
                    instalment=InstalmentValue(number=part, due_on=part_due, amount_minor=1)
                    if parts
                    else None,
                    booked=booked,
                    tags=tags,
                    note=note,
                    documents=draw(st.sampled_from([(), ("a.pdf",)])),
                    **debtors[number % len(debtors)],
                )
            )
    return rows


def drafted(groups: list[upload_debts.DebtGroup], portfolio):
    draft = upload_debts.new_case(groups[0], portfolio, UPLOAD, **CONTEXT)
    for debt in groups:
        assert upload_debts.put(draft, debt, UPLOAD) == upload_debts.CREATED
    return draft.change()


def test_a_newcomer_is_what_its_draft_becomes():
    made_at_one_go = []

    @settings(max_examples=150, deadline=None)
    @given(files(), st.sampled_from([0, 3_000]))
    def compare(rows, tolerance_minor):
        portfolio = a_portfolio("prt_1", tolerance_minor=tolerance_minor)
        groups, _ = upload_debts.group(rows, "prt_1")
        whole = upload_debts.newcomer(groups, portfolio, UPLOAD, **CONTEXT)
        if whole is not None:
            draft = drafted(groups, portfolio)
            assert whole == draft
            assert texts(whole) == texts(draft)
            made_at_one_go.append(whole)

    compare()
    assert len(made_at_one_go) > 20


def texts(change) -> bytes:
    """The rows as they are sent, to the letter."""
    return orjson.dumps(case_rows.operations("cases", change))


def test_whoever_says_more_than_who_owes_what_gets_a_draft():
    portfolio = a_portfolio("prt_1")
    plain = DebtRow(
        row_number=1, debtor_key="id:c-1", debtor_id="C-1", name="Ana", tax_id="",
        external_id="F-1", external_id_given=True, product="", issued_on=None,
        due_on=date(2026, 5, 1), amount_minor=5, principal_minor=5, interest_minor=0, fees_minor=0,
    )  # fmt: skip

    def made(*rows):
        groups, _ = upload_debts.group(rows, "prt_1")
        return upload_debts.newcomer(groups, portfolio, UPLOAD, **CONTEXT)

    assert made(plain) is not None
    assert made(replace(plain, tags=("vip",))) is None
    assert made(replace(plain, note="llamar")) is None
    assert made(replace(plain, party="codebtor")) is None
    assert made(replace(plain, booked=Booked(charged_off=True))) is None
    assert made(plain, replace(plain, external_id="F-2", name="Eva")) is None
    many = [replace(plain, external_id=f"F-{n}") for n in range(9)]
    assert (made(*many[:8]) is None, made(*many) is None) == (False, True)
