"""Importing our own modules when they are first used: a cold start's budget (ADR 0014)."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

OURS = "chalicelib."


class _AtFirstUse(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path, target) if fullname.startswith(OURS) else None
        # A package is loaded at once: it is small, and its modules are found through it.
        if found and found.loader and found.submodule_search_locations is None:
            found.loader = LazyLoader(found.loader)
        return found


@contextmanager
def lazily() -> Iterator[None]:
    """
    Import our modules inside the block, but run each only when something in it is first asked for.

    Only ``from package import module`` waits. ``from package.module import name`` asks for
    something at once, so it runs the module at once. Other people's libraries are not touched.
    """
    finder = _AtFirstUse()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
