"""
What the phone of somebody who left could not send, brought by a manager as a file.

The manager sends each thing of it as the phone would have, by the same requests and with the
phone's own signatures; it is judged as it would have been then. It stays the agent's, and what it
does to a case says who brought it. Only of who has left: who is still here brings it themselves.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol

from chalicelib.domain.errors import AgentStillHere, PersonNotFound, VisitNotFound
from chalicelib.domain.people import PERSON, Actor, Person, Role
from chalicelib.services import visits
from chalicelib.services.access import MANAGERS, need
from chalicelib.services.devices import answers_for


class People(Protocol):
    def get(self, person_id: str) -> Person | None: ...


def acting(person_id: str, *, actor: Actor, people: People) -> Actor:
    """
    Let a manager bring what is of an agent who left: with the agent's rights, none of their own.

    Returns:
        The agent, ``through`` the manager, on the portfolios that both have.

    Raises:
        NotAllowed: The actor manages nobody.
        PersonNotFound: Nobody of the actor's; told apart from who does not exist by nothing.
        AgentStillHere: Their account works.
    """
    need(actor, *MANAGERS)
    person = people.get(person_id)
    if person is None or person.role is not Role.AGENT or not answers_for(actor, person):
        raise PersonNotFound
    if not person.disabled:
        raise AgentStillHere(person_id=person_id)
    return Actor(
        actor_id=f"{PERSON}{person_id}",
        role=Role.AGENT,
        portfolios=tuple(one for one in person.portfolios if actor.sees(one)),
        name=person.name,
        through=actor.actor_id,
    )


def outlined(visit_ids: Iterable[str], *, agent: Actor, cases: visits.VisitCases) -> dict[str, Any]:
    """
    Say whose a file is, and which of its visits are here already with which photos missing.

    Args:
        agent: As ``acting`` gives them.
    """
    known = []
    for visit_id in dict.fromkeys(visit_ids):
        with suppress(VisitNotFound):
            found = visits.own(visit_id, actor=agent, cases=cases)
            known.append({"visit_id": visit_id, "photos_wanted": list(found.wanted)})
    return {"person": {"id": agent.person_id, "name": agent.name}, "visits": known}
