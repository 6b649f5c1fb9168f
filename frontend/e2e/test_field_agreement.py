"""An agreement signed at the door on a telephone: offered without signal, sent after its visit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.domain.agreements import AgreementState, Proof, ProofKind, terms_digest
from chalicelib.messages import agreement as agreement_paper
from frontend.e2e.fake_api import problem
from frontend.e2e.fake_field import AGREEMENT_SIGNED, NO_VISITS, day_of, field
from frontend.e2e.fake_site import FakeApi, Server
from frontend.e2e.field_phone import arrive, begin, finish, go_to_door, move, phone_of, press
from frontend.e2e.test_field import not_as_published
from tests.builders import NOW, a_portfolio
from tests.unit.messages.test_agreement import SAID, drawn, text_of

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
pytestmark = pytest.mark.browser


@pytest.fixture
def phone(
    browser: "sync_api.Browser", server: Server, api: FakeApi, complaints: list[str]
) -> Iterator["sync_api.Page"]:
    portfolio = day_of(api)["portfolios"]["prt_mx"]
    portfolio["dispositions"] = [AGREEMENT_SIGNED, NO_VISITS]
    with phone_of(browser, server, api, complaints) as page:
        with page.expect_response(lambda answer: "/field/agreements" in answer.url):
            begin(page)
        yield page
    assert complaints == []
    assert not_as_published(api) == []


def to_agreement(page: "sync_api.Page") -> None:
    move(page)
    go_to_door(page, 1)
    arrive(page)
    press(page, "Seguir")
    page.get_by_label("Titular").check()
    press(page, "Seguir")
    page.get_by_label("Firma un convenio").check()
    press(page, "Seguir")
    expect(page.get_by_role("heading", name="Convenio de pago")).to_be_visible()


def signed(page: "sync_api.Page") -> None:
    """Pick the plan, sign it on the glass, end the visit."""
    plan = page.get_by_role("region", name="En partes · 3 pagos")
    expect(plan.get_by_text("$1,000.00")).to_be_visible()
    plan.get_by_role("button", name="Elige esta").click()
    press(page, "Seguir")
    expect(page.get_by_role("heading", name="Fotos")).to_be_visible()
    press(page, "Seguir")
    expect(page.get_by_text("Firma que acepta pagar esto")).to_be_visible()
    pad = page.get_by_label("Espacio para firmar").bounding_box()
    page.mouse.move(pad["x"] + 40, pad["y"] + 60)
    page.mouse.down()
    page.mouse.move(pad["x"] + 200, pad["y"] + 90, steps=5)
    page.mouse.up()
    press(page, "Guardar firma")
    expect(page.get_by_alt_text("Firma guardada")).to_be_visible()
    press(page, "Seguir")
    finish(page)


def test_signed_without_signal_and_in_force_when_there_is_some(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    phone.context.set_offline(True)
    to_agreement(phone)
    expect(phone.get_by_text("Sin señal: esto es lo que se puede firmar hoy.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= phone.viewport_size["width"]
    press(phone, "Seguir")
    expect(phone.get_by_text("Falta elegir una opción.")).to_be_visible()
    signed(phone)
    assert field(api).visits == []

    phone.context.set_offline(False)
    expect(phone.get_by_text("Todo enviado")).to_be_visible()
    (visit,) = field(api).visits
    (body,) = field(api).signed
    assert [photo["kind"] for photo in visit.body["photos"]] == ["signature"]
    assert (body["visit_id"], body["kind"]) == (visit.body["visit_id"], "plan")
    assert [one["amount_minor"] for one in body["shares"]] == [20_000, 40_000, 40_000]

    phone.goto("/campo/#/parada/asg_0000001")
    expect(phone.get_by_text("Convenio vigente")).to_be_visible()
    expect(phone.get_by_role("button", name="Ver el documento (PDF)")).to_be_enabled()


def test_its_document_is_taken_home_and_read(phone: "sync_api.Page", tmp_path: Path) -> None:
    """The paper is the one that the product writes; the bucket is played by the test."""
    portfolio = a_portfolio()
    by_hand = Proof(kind=ProofKind.SIGNATURE, reference="pho_1")
    agreement = drawn(portfolio, state=AgreementState.ACTIVE, signed_at=NOW, proof=by_hand)
    paper = agreement_paper.render(agreement, SAID, portfolio, "es", made_at=NOW)
    phone.context.route(
        "**/_s3/agreement-1.pdf",
        lambda route: route.fulfill(
            body=paper,
            content_type="application/pdf",
            headers={"Content-Disposition": "attachment; filename*=UTF-8''convenio.pdf"},
        ),
    )
    to_agreement(phone)
    signed(phone)
    phone.goto("/campo/#/parada/asg_0000001")
    with phone.expect_download() as taken:
        press(phone, "Ver el documento (PDF)")
    kept = tmp_path / "convenio.pdf"
    taken.value.save_as(kept)

    assert taken.value.suggested_filename == "convenio.pdf"
    text = text_of(kept.read_bytes())
    for wanted in (SAID.debtor, SAID.code, "F-1", "$1,000.00", terms_digest(agreement)[:20]):
        assert wanted in text, wanted
    assert "PROPUESTA" not in text
    for share in agreement.shares:
        assert f"{share.amount_minor / 100:,.2f}" in text


def test_one_that_the_server_refuses_is_in_the_tray_with_its_reason(
    phone: "sync_api.Page", api: FakeApi
) -> None:
    field(api).refuse_agreement = problem(409, "agreement.outdated", agreement_id="agr_1")
    to_agreement(phone)
    signed(phone)

    phone.goto("/campo/#/envios")
    row = phone.get_by_role("listitem").filter(has_text="Convenio firmado")
    expect(row).to_contain_text("Lo que se debe cambió desde que se calculó")
    expect(row.get_by_role("button", name="Reintentar")).to_be_visible()
    phone.goto("/campo/#/parada/asg_0000001")
    expect(phone.get_by_text("El convenio no se pudo registrar")).to_be_visible()
    expect(phone.get_by_text("no le obliga")).to_be_visible()
