"""What rows say of their debtor: heard once where they repeat it, and as the last one says it."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from unittest import mock

from chalicelib.domain.draft import Draft
from chalicelib.intake.rows import AddressValue, DebtRow
from chalicelib.services import upload_debts
from tests.builders import NOW, a_portfolio

PHONE = "+525512345678"
ROW = DebtRow(
    row_number=2,
    debtor_key="id:c-1",
    debtor_id="C-1",
    name="Juana Vega",
    tax_id="",
    external_id="F-1",
    external_id_given=True,
    product="",
    issued_on=None,
    due_on=date(2026, 10, 1),
    amount_minor=100,
    principal_minor=100,
    interest_minor=0,
    fees_minor=0,
    phones=(PHONE,),
    address=AddressValue(lines="Calle 1", city="Puebla"),
)
UPLOAD = SimpleNamespace(upload_id="upl_1", mapping={"columns": {"0": "debt_id", "1": "amount"}})


def put(*rows):
    """Put rows of one debtor, each a debt of its own, as a chunk does."""
    groups, refused = upload_debts.group(rows, "prt_test")
    assert not refused
    draft = upload_debts.new_case(groups[0], a_portfolio(), UPLOAD, actor="upload:upl_1", now=NOW)
    with mock.patch.object(
        Draft, "put_contact", autospec=True, side_effect=Draft.put_contact
    ) as heard:
        assert {upload_debts.put(draft, group, UPLOAD) for group in groups} == {"created"}
    return draft.change(), [call.kwargs["party"] for call in heard.call_args_list]


def debt(number, **values):
    return replace(ROW, row_number=number + 1, external_id=f"F-{number}", **values)


def test_what_rows_repeat_is_heard_once():
    change, said = put(debt(1), debt(2), debt(3))

    assert said == ["debtor"]
    assert len(change.debts) == 3
    assert [point.value for point in change.contacts] == [PHONE]
    assert [address.lines for address in change.addresses] == ["Calle 1"]


def test_the_last_row_says_whose_a_phone_is():
    change, said = put(debt(1), debt(2, party="reference"), debt(3))

    assert said == ["debtor", "reference", "debtor"]
    assert [point.party for point in change.contacts] == ["debtor"]


def test_an_instalment_of_other_words_is_heard_too():
    change, _ = put(debt(1), debt(2, emails=("juana@example.com",)))

    assert sorted(point.value for point in change.contacts) == [PHONE, "juana@example.com"]


def test_equal_rows_have_equal_fingerprints_and_others_do_not():
    one, same, other = (
        upload_debts.group([row], "prt_test")[0][0].fingerprint
        for row in (ROW, replace(ROW, row_number=9), replace(ROW, due_on=date(2026, 10, 2)))
    )

    assert one == same != other
