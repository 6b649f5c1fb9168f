"""What every case store promises of issued documents: kept whole, found by their code."""

from chalicelib.domain.document import DocumentKind, IssuedDocument
from tests.builders import NOW, a_debt, a_draft, change_of, reopened


def a_document(number=1, **values):
    base = {
        "document_id": f"doc_{number}",
        "kind": DocumentKind.RECEIPT,
        "code": f"AAAA-BBBB-CCC{number}",
        "of": f"pay_{number}",
        "sha256": "d" * 64,
        "size_bytes": 4_321,
        "key": f"documents/prt/cas/doc_{number}/d.pdf",
        "filename": "recibo.pdf",
        "language": "es",
        "issued_at": NOW,
        "issued_by": "system",
        "facts": {"amount": {"minor": 5_000, "currency": "MXN"}, "on": "2026-11-22"},
    }
    return IssuedDocument(**base | values)


def test_documents_are_read_as_they_were_written(stores):
    pid = stores.portfolio.portfolio_id
    made = (a_document(1, code=f"{pid}-1"), a_document(2, code=f"{pid}-2"))
    draft = a_draft(a_debt("F-1", pid), portfolio=stores.portfolio)
    for one in made:
        draft.issue(one)
    change = change_of(draft)
    stores.cases.commit(change)

    assert stores.cases.open(change.after.case_id).documents == made
    assert stores.cases.of_code(f"{pid}-2") == (pid, made[1])
    assert stores.cases.of_code("AAAA-AAAA-AAAA") is None


def test_an_annulled_document_is_still_found(stores):
    pid = stores.portfolio.portfolio_id
    draft = a_draft(a_debt("F-1", pid), portfolio=stores.portfolio)
    draft.issue(a_document(1, code=f"{pid}-1"))
    change = change_of(draft)
    stores.cases.commit(change)

    again = reopened(stores.cases.open(change.after.case_id), stores.portfolio)
    again.annul("doc_1", "refunded")
    stores.cases.commit(change_of(again))

    found = stores.cases.of_code(f"{pid}-1")
    assert (found[1].annulled_at, found[1].annulled_why) == (NOW, "refunded")
