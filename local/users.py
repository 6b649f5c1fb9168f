"""The demo's people: one for each role, known passwords, on the laptop only."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.people import FirstPerson
from infra.people import ensure as ensure_people
from local.client import Client

if TYPE_CHECKING:
    from local.stack import Stack


@dataclass(frozen=True, slots=True)
class DemoUser:
    role: str
    email: str
    name: str
    password: str = "Recobro-Demo-2026"  # noqa: S105 (shown on the screen at every start)
    sub: str = ""


DEMO = (
    DemoUser("admin", "ana@recobro.test", "Ana Arriaga"),
    DemoUser("supervisor", "sofia@recobro.test", "Sofía Serrano"),
    DemoUser("agent", "gael@recobro.test", "Gael Gallardo"),
)


def ensure(stack: "Stack") -> dict[str, DemoUser]:
    """Have the demo people in the stack, by role. Safe to repeat."""
    ids = ensure_people(
        stack.cloud,
        stack.outputs,
        [FirstPerson(email=u.email, name=u.name, role=u.role, password=u.password) for u in DEMO],
    )
    return {u.role: DemoUser(u.role, u.email, u.name, u.password, ids[u.email]) for u in DEMO}


def give_portfolios(stack: "Stack", people: dict[str, DemoUser], portfolios: list[str]) -> None:
    """Let the demo's supervisor and agent work on *portfolios*, as its admin would."""
    client = Client(stack.url)
    client.sign_in(people["admin"].email, people["admin"].password)
    for role in ("supervisor", "agent"):
        client.patch(f"/people/{people[role].sub}", {"portfolios": portfolios})
