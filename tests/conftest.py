import sys

import pytest
from hypothesis import settings

from chalicelib.prediction import served

# A busy machine is no failure: examples are judged by what they find, not by the clock.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_collection_finish() -> None:
    run_what_waits()


def run_what_waits() -> None:
    """
    Run the modules that were imported ``lazily``, before any test does.

    The product asks for them in one thread (``tests/unit/test_cold_start.py``). Tests of what
    happens at once ask in many, and two that ask first may find a module half run.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith("chalicelib."):
            module.__doc__  # noqa: B018 (asking is what runs it)


@pytest.fixture(autouse=True)
def _no_model_in_service() -> None:
    """Whatever a test before wired: a forecast asks no table here, unless a test says so."""
    served.read_by(served.nothing)
