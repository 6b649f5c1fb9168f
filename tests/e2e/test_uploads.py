"""Uploads by the API of the deployed stack: templates as they are, stopping, taking back."""

import time

import pytest

from local.client import Client, Problem

pytestmark = [pytest.mark.stack, pytest.mark.slow]

ROWS = 4_000
HEADER = "id_deudor,nombre,id_adeudo,fecha_vencimiento,saldo"
PARTS = ("created", "updated", "unchanged", "rejected")
NOTHING = {"minor": 0, "currency": "MXN"}
CANCEL_WITHIN_S = 180


@pytest.fixture(scope="module")
def supervisor(stack, people):
    client = Client(stack.url)
    client.sign_in(people["supervisor"].email, people["supervisor"].password)
    return client


@pytest.fixture
def portfolio_id(supervisor, request):
    body = supervisor.get("/portfolio-defaults", country="MX")
    body |= {"name": request.node.name[:60], "creditor": "Banco de Pruebas"}
    return supervisor.post("/portfolios", body)["portfolio_id"]


def a_file(rows):
    lines = (f"D-{n},Deudor {n},A-{n},2026-01-15,{100 + n}.50" for n in range(rows))
    return "\n".join((HEADER, *lines)).encode()


def template(supervisor, portfolio_id, mode, kind):
    link = supervisor.get(f"/upload-templates/{mode}", portfolio=portfolio_id, format=kind)
    return supervisor.download(link["url"])


def load(supervisor, portfolio_id, mode, name, content):
    """Send a file that needs no explaining, and let it be applied at once."""
    sent = supervisor.send_file(portfolio_id, mode, name, content, apply_automatically=True)
    return supervisor.wait_for_upload(sent)


def take_back(supervisor, path):
    """Undo it as soon as it may be: not before the last worker must have ended."""
    while True:
        try:
            return supervisor.post(f"{path}/undo")
        except Problem as refused:
            if refused.code != "upload.not_now" or "retry_after_s" not in refused.details:
                raise
            time.sleep(refused.details["retry_after_s"])


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_templates_go_in_as_they_are(supervisor, portfolio_id, kind):
    """Each holds a debtor's example: owed, then corrected, then paid in part."""
    for mode in ("debts", "balances", "payments"):
        content = template(supervisor, portfolio_id, mode, kind)
        upload = load(supervisor, portfolio_id, mode, f"plantilla-{mode}.{kind}", content)

        assert (upload["state"], upload["problem"]) == ("done", None), mode
        assert (upload["applied"]["rows"], upload["applied"]["rejected"]) == (1, 0), mode
    assert supervisor.get(f"/portfolios/{portfolio_id}/kpis")["debts"] == 1
    [case] = supervisor.pages(f"/portfolios/{portfolio_id}/cases")
    entries = supervisor.get(f"/cases/{case['case_id']}")["entries"]
    assert {"charge", "payment"} <= {entry["kind"] for entry in entries}


def test_an_upload_is_taken_back_and_may_come_again(supervisor, portfolio_id):
    upload = load(supervisor, portfolio_id, "debts", "cartera.csv", a_file(40))
    path = f"/portfolios/{portfolio_id}/uploads/{upload['upload_id']}"
    owed = supervisor.get(f"/portfolios/{portfolio_id}/kpis")["balance"]
    assert owed == {"minor": sum(10_050 + n * 100 for n in range(40)), "currency": "MXN"}

    supervisor.post(f"{path}/undo")
    undone = supervisor.wait_for_upload(upload, leaving=("done",))

    assert (undone["state"], undone["problem"]) == ("undone", None)
    assert supervisor.get(f"/portfolios/{portfolio_id}/kpis")["balance"] == NOTHING
    assert list(supervisor.pages(f"/portfolios/{portfolio_id}/cases")) == []
    again = load(supervisor, portfolio_id, "debts", "cartera.csv", a_file(40))
    assert again["applied"]["created"] == 40
    assert supervisor.get(f"/portfolios/{portfolio_id}/kpis")["balance"] == owed


def test_an_upload_is_stopped_while_it_is_written_and_taken_back(supervisor, portfolio_id):
    sent = supervisor.send_file(
        portfolio_id, "debts", "grande.csv", a_file(ROWS), apply_automatically=True
    )
    path = f"/portfolios/{portfolio_id}/uploads/{sent['upload_id']}"
    until = time.monotonic() + CANCEL_WITHIN_S
    while (now := supervisor.get(path))["state"] != "applying" or not now["progress"]["rows_done"]:
        assert time.monotonic() < until, now["state"]
    assert now["can"]["cancel"]

    stopped = supervisor.post(f"{path}/cancellation")
    undoing = take_back(supervisor, path)
    undone = supervisor.wait_for_upload(sent, leaving=("cancelled",))

    figures = undoing["applied"]
    assert stopped["state"] == "cancelled"
    assert 0 < figures["created"] < ROWS
    assert sum(figures[part] for part in PARTS) == figures["rows"] == figures["created"]
    assert (undone["state"], undone["problem"]) == ("undone", None)
    assert supervisor.get(f"/portfolios/{portfolio_id}/kpis")["balance"] == NOTHING
