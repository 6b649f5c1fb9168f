"""Work that a queue gave up on, as an admin sees it and sends it back."""

from typing import Any, Protocol

from chalicelib.domain.errors import QueueNotFound
from chalicelib.domain.people import Actor, Role
from chalicelib.services.access import need


class DeadLetters(Protocol):
    def depths(self) -> dict[str, int]: ...
    def send_back(self, name: str) -> int:
        """
        Raises:
            KeyError: No such queue.
        """
        ...


def listed(*, actor: Actor, letters: DeadLetters) -> dict[str, Any]:
    """
    Raises:
        NotAllowed: Not an admin.
    """
    need(actor, Role.ADMIN)
    return {"items": [{"name": name, "dead": dead} for name, dead in letters.depths().items()]}


def send_back(name: str, *, actor: Actor, letters: DeadLetters) -> dict[str, Any]:
    """
    Let a queue try again what it gave up on.

    Raises:
        NotAllowed: Not an admin.
        QueueNotFound: No such queue.
    """
    need(actor, Role.ADMIN)
    try:
        return {"name": name, "sent": letters.send_back(name)}
    except KeyError as error:
        raise QueueNotFound(name=name) from error
