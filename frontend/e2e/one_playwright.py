"""One Playwright for a process: beside one that runs, a second refuses to start."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

sync_api = pytest.importorskip("playwright.sync_api")


class _Shared:
    def __init__(self) -> None:
        self.users = 0
        self.manager: sync_api.PlaywrightContextManager | None = None
        self.driver: sync_api.Playwright | None = None


_shared = _Shared()


@contextmanager
def playwright() -> Iterator["sync_api.Playwright"]:
    """Start it for the first who asks, stop it after the last."""
    if _shared.driver is None:
        _shared.manager = sync_api.sync_playwright()
        _shared.driver = _shared.manager.__enter__()
    _shared.users += 1
    try:
        yield _shared.driver
    finally:
        _shared.users -= 1
        if _shared.users == 0 and _shared.manager is not None:
            _shared.manager.__exit__(None, None, None)
            _shared.manager = _shared.driver = None
