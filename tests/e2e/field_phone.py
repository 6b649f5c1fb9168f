"""An agent's phone on the deployed stack: a browser whose place and clock the test sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Page, Response, expect

from frontend.e2e.one_playwright import playwright
from tests.e2e.browser import CLOCK, FLAGS, PATIENCE_MS, chromium_path, t

SCREEN = {"width": 360, "height": 740}
PIN = "271828"
A_METRE = 1 / 111_195.1  # of latitude, in degrees

# The phone's clock is the stack's, which may be moved; what surrounds a browser may say of a
# position that it is simulated, and here it does when told to.
PLACE = """
const follow = Geolocation.prototype.watchPosition
Geolocation.prototype.watchPosition = function (found, ...rest) {
  return follow.call(this, ({ coords, timestamp }) => {
    const mocked = localStorage.getItem('test-mocked') === 'yes' || undefined
    found({ coords, timestamp: timestamp + ahead(), ...(mocked && { mocked }) })
  }, ...rest)
}
"""

COUNT = """
async () => {
  const asked = (request) => new Promise((done) => {
    request.onsuccess = () => done(request.result)
  })
  const all = await indexedDB.databases()
  const { name } = all.find((one) => one.name.startsWith('recobro-field-'))
  const db = await asked(indexedDB.open(name))
  const count = await asked(db.transaction('outbox').objectStore('outbox').count())
  db.close()
  return count
}
"""


@dataclass
class Phone:
    """
    What an agent does with it.

    Attributes:
        ahead_s: How far its clock is ahead of the real time.
        refused: Answers of 4xx and 5xx it met, but for those a session begins with.
    """

    context: BrowserContext
    ahead_s: float
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def open(self) -> None:
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        address = answer.url.partition("?")[0]
        if answer.status >= 400 and "/session" not in address:
            self.refused.append(f"{answer.status} {address}")

    def stand(self, lat: float, lng: float, *, accuracy: float = 8, mocked: bool = False) -> None:
        """Be somewhere; ``mocked``: and be told on by what surrounds the browser."""
        self.page.evaluate("how => localStorage.setItem('test-mocked', how)", "yes" * mocked)
        self.context.set_geolocation({"latitude": lat, "longitude": lng, "accuracy": accuracy})

    def wait(self, seconds: float) -> None:
        """Let time go by on the phone."""
        self.ahead_s += seconds
        ms = str(int(self.ahead_s * 1000))
        self.page.evaluate("ms => localStorage.setItem('test-ahead-ms', ms)", ms)

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/campo/")
        self.page.get_by_label(t("signin.email"), exact=True).fill(email)
        self.page.get_by_label(t("signin.password"), exact=True).fill(password)
        self.press("signin.enter")
        self.page.get_by_label(t("field.pin_new")).fill(PIN)
        self.page.get_by_label(t("field.pin_again")).fill(PIN)
        self.press("field.pin_save")
        expect(self.page.locator(".stops > li").first).to_be_visible()
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")

    def crash(self) -> None:
        """The app is gone from one moment to the next; only what was on disk is left."""
        self.page.close(run_before_unload=False)
        self.open()
        self.page.goto("/campo/")
        self.page.get_by_label(t("field.pin")).fill(PIN)
        expect(self.page.locator(".stops > li").first).to_be_visible()

    def press(self, key: str) -> None:
        self.page.get_by_role("button", name=t(key), exact=True).click()

    def at_step(self, key: str) -> None:
        expect(self.page.get_by_role("heading", name=t(key), level=1)).to_be_visible()

    def begin(self, name: str) -> None:
        """Take up the visit of somebody on the route."""
        self.page.evaluate("() => { location.hash = '#/' }")
        self.page.get_by_role("link", name=name).click()
        self.press("field.start_visit")
        self.at_step("visit.arrive")

    def unsent(self) -> int:
        """How much waits in its outbox."""
        return int(self.page.evaluate(COUNT))


@contextmanager
def carrying(
    url: str, ahead_s: float, lat: float, lng: float, *, line: str | None = None
) -> Iterator[Phone]:
    """
    Give an agent a phone; leaving fails if its app met an error.

    Args:
        line: The network that it uses, as ``bad_line`` lays one.
    """
    with playwright() as driver:
        chrome = driver.chromium.launch(
            executable_path=chromium_path(),
            args=FLAGS,
            proxy={"server": line, "bypass": "<-loopback>"} if line else None,
        )
        options: dict[str, Any] = {
            "base_url": url,
            "viewport": SCREEN,
            "locale": "es-MX",
            "timezone_id": "America/Mexico_City",
            "has_touch": True,
            "is_mobile": True,
            "permissions": ["geolocation"],
            "geolocation": {"latitude": lat, "longitude": lng, "accuracy": 8},
        }
        context = chrome.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(CLOCK % int(ahead_s * 1000) + PLACE)
        phone = Phone(context, ahead_s)
        phone.open()
        try:
            yield phone
        finally:
            context.close()
            chrome.close()
    assert not phone.faults, "\n".join(phone.faults)
