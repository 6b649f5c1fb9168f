"""
The first people of a stack, whom nobody can invite because nobody is in.

Runs the product's own code against the stack, in a process of its own: settings are
read from the environment once. Run by ``ensure``; never by hand.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from infra import environment
from infra.aws import Cloud

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPerson:
    """
    Args:
        password: Known from the start (demo and tests); None: Cognito e-mails an invitation.
    """

    email: str
    name: str
    role: str
    language: str = "es"
    password: str | None = None


def ensure(cloud: Cloud, outputs: dict[str, str], people: list[FirstPerson]) -> dict[str, str]:
    """
    Have these people in the stack. Safe to repeat: who is there is left as they are.

    Returns:
        Person ids by e-mail.
    """
    keep = {k: v for k, v in os.environ.items() if cloud.endpoint is None or k[:4] != "AWS_"}
    done = subprocess.run(
        [sys.executable, "-m", "infra.people"],
        cwd=ROOT,
        env=keep | environment.of_stack(cloud, outputs),
        input=json.dumps([asdict(person) for person in people]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the first people could not be added:\n{done.stderr[-2000:]}")
    ids: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return ids


def _add(person: FirstPerson) -> str:
    from chalicelib import wiring  # noqa: PLC0415 (reads the environment of the stack)
    from chalicelib.domain.people import Actor, Role  # noqa: PLC0415
    from chalicelib.services import people as service  # noqa: PLC0415

    identity, people = wiring.identity(), wiring.people()
    known = identity.person_id(person.email)
    if known is not None and people.get(known) is not None:
        return known
    if person.password is not None:
        identity = _Known(person.password)  # type: ignore[assignment]
    added = service.invite(
        email=person.email,
        name=person.name,
        role=Role(person.role),
        portfolios=(),
        team="",
        language=person.language,
        actor=Actor(actor_id="system:deploy", role=Role.ADMIN, portfolios=("*",)),
        identity=identity,
        people=people,
        known_portfolios=wiring.portfolios(),
        now=datetime.now(UTC),
    )
    return added.person_id


class _Known:
    """The identity provider for people whose password is known: no invitation is sent."""

    def __init__(self, password: str) -> None:
        from chalicelib import wiring  # noqa: PLC0415
        from chalicelib.config import settings  # noqa: PLC0415

        self._real, self._password = wiring.identity(), password
        self._client, self._pool = wiring.aws("cognito-idp"), settings().user_pool_id

    def person_id(self, email: str) -> str | None:
        return self._real.person_id(email)

    def invite(self, email: str, name: str, _language: str) -> str:
        made = self._client.admin_create_user(
            UserPoolId=self._pool,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": email},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "name", "Value": name},
            ],
        )
        self.invite_again(email, _language)
        return next(a["Value"] for a in made["User"]["Attributes"] if a["Name"] == "sub")

    def invite_again(self, email: str, _language: str) -> None:
        self._client.admin_set_user_password(
            UserPoolId=self._pool, Username=email, Password=self._password, Permanent=True
        )

    def set_role(self, person_id: str, role: str) -> None:
        self._real.set_role(person_id, role)


if __name__ == "__main__":
    asked = [FirstPerson(**raw) for raw in json.load(sys.stdin)]
    print(json.dumps({person.email: _add(person) for person in asked}))
