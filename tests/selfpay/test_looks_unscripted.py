"""
Every page as it is served to who has scripts off, under axe's eyes on a phone.

A visitor without scripts walks through all there is to do - comes in, pays, signs a plan, sends a
file, answers about cash - and keeps each page; then a browser looks at them. The register of the
pages says which there are, so that a new one is led here.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.handlers import debtor_web
from chalicelib.services import debtor_files
from tests.selfpay.conftest import SMALL, TAX_ID
from tests.selfpay.test_cash import PHONE, a_receipt
from tests.selfpay.test_files import PDF, sent
from tests.selfpay.test_pay import till, told  # noqa: F401 (a fixture)
from tests.selfpay.visitor import Page, Visitor
from tests.selfpay.walking import AXE, faults

# These only lead on: to a file, to another page, or to where a form that is worked on will be.
LEAD_ON = {("prueba", True), ("documentos", True), ("recibido", True), ("idioma", True),
           ("espere", True)}  # fmt: skip


SAYS = (
    "cuenta", "promesa", "ya-pague", "aclarar", "no-puedo", "mis-datos", "contacto", "chat",
    "solicitud", "documentos", "derechos", "quien",
)  # fmt: skip


class Walker:
    """Keeps every page that was seen, by what it shows."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.seen: dict[str, Page] = {}

    def get(self, path: str, name: str = "") -> Page:
        return self.keep(self.visitor.get(path), name)

    def send(self, page: Page, name: str = "", path: str = "", **form: str) -> Page:
        return self.keep(self.visitor.send(page, path, **form), name)

    def keep(self, page: Page, name: str = "") -> Page:
        self.seen[f"{page.path} {name}".strip()] = page
        return page

    def kinds(self) -> set[tuple[str, bool]]:
        """(first part of the path, whether something follows) of what was seen."""
        parts = [one.path.split("/")[2:] for one in self.seen.values()]
        return {(part[0] if part else "", len(part) == 2) for part in parts}


def walk(world, visitor) -> Walker:
    walker = Walker(visitor)
    come_in(world, walker)
    for step in SAYS:
        walker.get(f"/pagar/{step}")
    asked = walker.get("/pagar/solicitud", "asks")
    walker.send(asked, "wrong", kind="rectification")
    walker.send(asked, "asked", kind="access")
    debt = world.file.debts[0].debt_id
    for step in ("deuda", "aclarar"):
        walker.get(f"/pagar/{step}/{debt}")
    pay(world, walker)
    send_a_file(walker)
    receipt = a_receipt(world)
    walker.get("/pagar/efectivo")
    walker.get(f"/pagar/efectivo/{receipt.key}")
    sign(world, walker)
    return walker


def come_in(world, walker: Walker) -> None:
    typing = walker.get("/pagar")
    creditor = world.portfolio.creditor
    walker.send(typing, creditor=creditor, tax_id=TAX_ID)
    walker.get("/pagar/codigo")
    walker.get("/pagar/codigo?no=wrong", "wrong")
    walker.get("/pagar/a/nothing", "no link")
    link = world.link(contact_id=world.contact(PHONE))
    walker.get(link)
    walker.visitor.enter(link)


def pay(world, walker: Walker) -> None:
    form = walker.get("/pagar/pago")
    walker.send(form, "wrong", what="amount", amount="?", means="sandbox:card")
    leaving = walker.send(form, what="amount", amount="400", means="sandbox:card")
    assert leaving.path.startswith("/pagar/ir/")
    (checkout,) = world.file.checkouts
    walker.get(f"/pagar/pagado/{checkout.checkout_id}", "waits")
    told(world, checkout, 40_000)
    walker.get(f"/pagar/pagado/{checkout.checkout_id}", "paid")


def send_a_file(walker: Walker) -> None:
    form = walker.get("/pagar/ya-pague", "again")
    walker.send(form, "wrong", amount="100", day="")
    yesterday = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    said = walker.send(form, amount="100", day=yesterday, reference="R-9")
    target = re.search(r"/pagar/archivo/\w+", said.text)
    assert target
    page = walker.get(target[0])
    for why in sorted(set(debtor_files.REASONS.values())):
        walker.get(f"{target[0]}?por={why}", why)
    walker.get(sent(page, PDF, "recibo.pdf"))
    walker.get("/pagar/ya-pague", "with its file")


def sign(world, walker: Walker) -> None:
    """Of another case, on which nothing was said yet."""
    walker.visitor = Visitor(world.served)
    walker.visitor.enter(world.link(world.another_case()))
    plans = walker.get("/pagar/plan")
    walker.get("/pagar/plan?puedo=nada", "wrong")
    offer = re.findall(r'href="(/pagar/plan/[^"]+)"', plans.text)[0]
    form = walker.send(walker.get(offer))
    code_id = re.search(r'name="code_id" value="([^"]+)"', form.text)
    assert code_id
    wrong = walker.send(form, "wrong", code_id=code_id[1], code="000000")
    signed = walker.send(wrong, code_id=code_id[1], code=world.code())
    assert signed.path.startswith("/pagar/acuerdo/")
    for step in ("cuenta", "documentos", "pago"):
        walker.get(f"/pagar/{step}", "with an agreement")


@pytest.mark.usefixtures("till")
def test_the_walk_leaves_no_page_out(world, visitor) -> None:
    walker = walk(world, visitor)

    pages = {(name, item) for method, name, item in debtor_web.PAGES if method == "GET"}
    assert pages - walker.kinds() == LEAD_ON
    unseen = [one.path for one in walker.seen.values() if one.status >= 500]
    assert unseen == []
    assert not [name for name, one in walker.seen.items() if "<script" in one.text]


@pytest.mark.browser
@pytest.mark.usefixtures("till")
def test_axe_finds_nothing_on_any_page_without_scripts(world, visitor, chrome) -> None:
    """Axe is a script: what was served without them is looked at in a browser that has them."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in frontend")
    walker = walk(world, visitor)
    context = chrome.new_context(viewport=SMALL)
    looked = context.new_page()
    found = {}
    for name, page in walker.seen.items():
        # What leads on by itself would leave the page while it is looked at.
        looked.set_content(re.sub(r'<meta http-equiv="refresh"[^>]*>', "", page.text))
        wide = looked.evaluate("document.documentElement.scrollWidth")
        if wrong := [*faults(looked), *(["wide"] if wide > SMALL["width"] else [])]:
            found[name] = wrong
    assert found == {}
    context.close()
