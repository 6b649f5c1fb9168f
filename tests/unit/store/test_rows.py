"""Rows are written as text: what DynamoDB reads there is what the PynamoDB models say."""

from dataclasses import fields, replace
from datetime import date

import pytest

from chalicelib.domain import ids
from chalicelib.domain.case import Address, ContactKind, Debt, Instalment, PointQuality
from chalicelib.domain.draft import Draft, after
from chalicelib.store import case_rows
from chalicelib.store.table import CaseRow
from tests.builders import NOW, a_portfolio
from tests.engines import as_sent

# What must be escaped in JSON, what must not, and what would end a text if it were not.
ODD = 'Ñandú "el \\Niño\\"\n\t\x00\x1f\x7f\u2028 \U0001f4b8","x":{"S":"'


def drafted(text):
    """A case with a row of each kind that files write, with *text* wherever a file has a say."""
    draft = Draft.new(
        a_portfolio(),
        f"id:{text}",
        name=f"Maria {text}",
        tax_id=text,
        upload_id="upl_1",
        actor="upload:upl_1",
        now=NOW,
    )
    draft.put_contact(ContactKind.PHONE, "+525512345678", party="reference", detail=text)
    draft.put_contact(ContactKind.EMAIL, text, source="upload")
    draft.put_address(
        Address(
            address_id="",
            lines=text,
            city=text,
            lat=19.4326,
            lng=-99.1332,
            cell="894995bac2bffff",
            quality=PointQuality.ROOFTOP,
        )
    )
    draft.put_address(Address(address_id="", lines=f"{text} 2"))
    debt = Debt(
        debt_id=ids.debt_id("prt_1", text),
        external_id=text,
        product=text,
        issued_on=None,
        due_on=date(2026, 11, 1),
        instalments=(Instalment(number=1, due_on=date(2026, 11, 1), amount_minor=500),),
        documents=(text, ""),
        stated_principal_minor=500,
        upload_id="upl_1",
    )
    draft.put_debt(debt, source="upload", reference=text)
    bare = replace(
        debt, debt_id=ids.debt_id("prt_1", "2"), instalments=(), documents=(), product=""
    )
    draft.put_debt(bare, source="upload", reference="2")
    draft.set_tags([text])
    draft.note(text)
    draft.pay(100, paid_on=NOW.date(), source="upload", reference=text)
    draft.promise("pro_1", 300, NOW.date(), channel=text)
    return draft.change()


def in_any_order(file):
    """A case's parts without the order they are kept in."""
    parts = {f.name: getattr(file, f.name) for f in fields(file)}
    return {
        name: sorted(part, key=repr) if isinstance(part, tuple) else part
        for name, part in parts.items()
    }


@pytest.mark.parametrize("text", [pytest.param("A-17", id="plain"), pytest.param(ODD, id="odd")])
class TestRows:
    def test_are_what_the_models_write(self, text):
        operations = as_sent(case_rows.operations("cases", drafted(text)))
        items = [operation["Put"]["Item"] for operation in operations]
        kinds = {item["kind"]["S"] for item in items}

        assert [CaseRow.from_raw_data(item).serialize(null_check=False) for item in items] == items
        assert kinds == {
            "head", "debt", "contact", "address", "entry", "promise", "event", "name", "payment"
        }  # fmt: skip

    def test_are_read_as_they_were_written(self, text):
        change = drafted(text)
        operations = as_sent(case_rows.operations("cases", change))
        file = case_rows.file_of(operation["Put"]["Item"] for operation in operations)

        assert in_any_order(file) == in_any_order(after(None, change))

    def test_name_their_table_and_the_version_they_were_made_from(self, text):
        new = drafted(text)
        later = replace(new, before=replace(new.after, version=41), events=())
        later = replace(later, erased=new.events)
        operations = as_sent(case_rows.operations("cases", later))

        rows = {operation["Put"]["Item"]["sk"]["S"] for operation in operations}
        erased = {f"EVENT#{event.seq:010d}" for event in new.events}
        assert erased <= rows
        assert {operation["Put"]["TableName"] for operation in operations} == {"cases"}
        assert operations[0]["Put"]["ConditionExpression"] == "version = :v"
        assert operations[0]["Put"]["ExpressionAttributeValues"] == {":v": {"N": "41"}}
        assert as_sent(case_rows.operations("cases", new))[0]["Put"]["ConditionExpression"] == (
            "attribute_not_exists(pk)"
        )
