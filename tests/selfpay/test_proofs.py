"""What the creditor gave as proof, beside the debt: for who is in, and only what is shown."""

import hashlib
from datetime import UTC, datetime

import pytest
import urllib3

from chalicelib import wiring
from chalicelib.domain.creditor_paper import CreditorPaper, PaperKind
from chalicelib.domain.draft import Draft
from chalicelib.domain.scan import Scan, ScanState
from tests.selfpay.visitor import Visitor

PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def inside(world, visitor) -> Visitor:
    visitor.enter(world.link())
    return visitor


def proof(world, kind=PaperKind.INVOICE, **values):
    """Put a document beside the debtor's only debt."""
    (debt,) = world.file.debts
    body = PDF + str(values).encode()
    digest = hashlib.sha256(body).hexdigest()
    base = {
        "paper_id": f"pap_{digest[:12]}",
        "kind": kind,
        "name": "<b>F-1</b> factura.pdf",
        "media_type": "application/pdf",
        "size_bytes": len(body),
        "sha256": digest,
        "key": f"papers/{world.case_id}/{debt.debt_id}/{digest}.pdf",
        "at": datetime.now(UTC),
        "by": "user:ana",
        "debt_id": debt.debt_id,
        "shown": True,
    }
    paper = CreditorPaper(**base | values)
    wiring.evidence_files().write(paper.key, body, content_type="application/pdf")
    changed(world, lambda draft: draft.add_paper(paper))
    return paper, body, f"/pagar/deuda/{debt.debt_id}"


def changed(world, do):
    draft = Draft(world.file, world.portfolio, actor="user:ana", now=datetime.now(UTC))
    do(draft)
    change = draft.change()
    assert change
    wiring.cases().commit(change)


def test_a_proof_that_is_infected_is_refused_in_words(world, inside, monkeypatch):
    monkeypatch.setattr(wiring.evidence_files(), "_scans", wiring.scans())
    paper, _, _ = proof(world)
    wiring.scans().note(
        Scan(key=paper.key, state=ScanState.INFECTED, at=datetime.now(UTC), threats=("EICAR",))
    )

    refused = inside.get(f"/pagar/prueba/{paper.paper_id}")

    assert refused.status == 409
    assert "se encontró un virus en él" in refused.text


def test_the_debtor_sees_and_opens_what_proves_the_debt(world, inside):
    paper, body, path = proof(world)

    page = inside.get(path).text

    assert "Esto es lo que nos dio el acreedor como prueba" in page
    assert "Factura" in page
    assert "<b>F-1" not in page
    assert f'href="/pagar/prueba/{paper.paper_id}"' in page
    assert "Aún no hay documentos" not in page
    status, _, headers = inside._once("GET", f"/pagar/prueba/{paper.paper_id}", None, {})
    assert status == 303
    found = urllib3.request("GET", headers["location"])
    assert (found.status, found.data) == (200, body)
    assert "inline" in found.headers["content-disposition"]


def test_what_is_hidden_withdrawn_or_anothers_is_not_there(world, inside):
    hidden, _, path = proof(world, PaperKind.GUARANTEE, shown=False)
    ended, _, _ = proof(world, name="otra.pdf")
    assert ended.paper_id in inside.get(path).text
    changed(world, lambda draft: draft.withdraw_paper(ended.paper_id, "No es suya"))

    page = inside.get(path).text

    assert "Aún no hay documentos" in page
    for one in (hidden, ended):
        assert one.paper_id not in page
        assert inside.get(f"/pagar/prueba/{one.paper_id}").status == 404
    shown, _, _ = proof(world, name="tercera.pdf")
    other = Visitor(world.served)
    other.enter(world.link(world.another_case()))
    assert other.get(f"/pagar/prueba/{shown.paper_id}").status == 404


def test_nobody_opens_it_without_being_let_in(world, visitor):
    shown, _, path = proof(world)
    for asked in (f"/pagar/prueba/{shown.paper_id}", path):
        page = visitor.get(asked)
        assert page.path.startswith("/pagar")
        assert shown.paper_id not in page.text
        assert "factura.pdf" not in page.text
