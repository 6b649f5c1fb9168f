"""The demo's people: one for each role, and colleagues of the agent; on the laptop only."""

from dataclasses import dataclass, replace
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
# Who shares the work with the agent: alone, nothing could be divided or compared.
COLLEAGUES = (
    DemoUser("agent", "lucia@recobro.test", "Lucía Landa"),
    DemoUser("agent", "hugo@recobro.test", "Hugo Herrera"),
)


def ensure(stack: "Stack") -> dict[str, DemoUser]:
    """Have one person of each role in the stack, by role. Safe to repeat."""
    return {one.role: one for one in _added(stack, DEMO)}


def agents(stack: "Stack", people: dict[str, DemoUser]) -> list[DemoUser]:
    """Have the agent's colleagues, too; gives all agents, the one of *people* first."""
    return [people["agent"], *_added(stack, COLLEAGUES)]


def give_portfolios(
    stack: "Stack", admin: DemoUser, people: list[DemoUser], portfolios: list[str]
) -> None:
    """Let *people* work on *portfolios*, as their admin would."""
    client = Client(stack.url)
    client.sign_in(admin.email, admin.password)
    for one in people:
        client.patch(f"/people/{one.sub}", {"portfolios": portfolios})


# Private


def _added(stack: "Stack", wanted: tuple[DemoUser, ...]) -> list[DemoUser]:
    firsts = [
        FirstPerson(email=u.email, name=u.name, role=u.role, password=u.password) for u in wanted
    ]
    ids = ensure_people(stack.cloud, stack.outputs, firsts)
    return [replace(one, sub=ids[one.email]) for one in wanted]
