"""What had no answer is asked again once the network is back, without anybody pressing a button."""

import pytest

from frontend.e2e.fake_site import FakeApi
from frontend.e2e.looking import looks_well

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
expect = sync_api.expect

LIST = "/panel/expedientes/?cartera=prt_mx"


def asked(api: FakeApi) -> int:
    return sum(call.path.endswith("/prt_mx/cases") for call in api.calls)


def opened(page: "sync_api.Page") -> "sync_api.Locator":
    """The list of cases; gives its first name."""
    page.goto(LIST)
    first = page.locator("tbody th a").first
    expect(first).to_be_visible()
    return first


@pytest.mark.parametrize("width", [390, 1440])
def test_a_list_that_met_no_network_is_asked_again_once_when_it_is_back(
    signed_in: "sync_api.Page", api: FakeApi, width: int
) -> None:
    page = signed_in
    page.set_viewport_size({"width": width, "height": 900})
    opened(page)
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.locator("select[name=sort]").select_option("-balance")
    retry = page.get_by_role("button", name="Reintentar")
    expect(retry).to_be_visible()
    looks_well(page, f"offline-{width}")
    before = asked(api)

    page.context.set_offline(False)

    expect(retry).to_have_count(0)
    expect(page.get_by_text("La conexión ha vuelto.")).to_be_visible()
    expect(page.locator("table[aria-busy=false]")).to_be_visible()
    assert asked(api) == before + 1
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")  # the toast's
    looks_well(page, f"online-again-{width}")


def test_what_the_server_refused_waits_for_the_person(signed_in: "sync_api.Page") -> None:
    page = signed_in
    opened(page)
    page.route(
        "**/prt_mx/cases?*",
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body='{"code": "http.unavailable"}'
        ),
    )
    tries = []
    page.on("request", lambda one: "/prt_mx/cases?" in one.url and tries.append(one.url))
    page.locator("select[name=sort]").select_option("-balance")
    retry = page.get_by_role("button", name="Reintentar")
    expect(retry).to_be_visible()
    before = len(tries)

    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_text("La conexión ha vuelto.")).to_be_visible()
    expect(retry).to_be_visible()
    assert len(tries) == before
