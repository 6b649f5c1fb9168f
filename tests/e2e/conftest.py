"""The deployed stack, on ports of its own, with IAM enforced."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import stack as local_stack
from local import users
from local.steps import Steps


@pytest.fixture(scope="session")
def stack() -> Iterator[local_stack.Stack]:
    """
    The product as built from these sources, thrown away afterwards.

    The emulator runs with ``AUTH=true``: a function that does what its role does
    not allow fails here as it would on AWS.
    """
    with tempfile.TemporaryDirectory(prefix="recobro-e2e-") as folder:
        state = Path(folder)
        try:
            yield local_stack.ensure(
                ports=local_stack.Ports.free(),
                state=state,
                auth=True,
                persist=False,
                steps=Steps(quiet=True),
            )
        finally:
            local_stack.stop(state)


@pytest.fixture(scope="session")
def people(stack: local_stack.Stack) -> dict[str, users.DemoUser]:
    """A person of each role, by role."""
    return users.ensure(stack)
