"""What a process remembers of its environment, and forgetting it between tests."""

import pkgutil
import sys
from collections.abc import Collection
from importlib import import_module
from types import ModuleType

from chalicelib import config, wiring


def forget(*, keep: Collection[str] = ()) -> None:
    """
    Read the environment anew, and make stores and clients anew.

    Args:
        keep: Names in ``chalicelib.wiring`` that stay as they are.
    """
    config.settings.cache_clear()
    for found in pkgutil.iter_modules(wiring.__path__, f"{wiring.__name__}."):
        _forget(import_module(found.name), keep)
    if (means := sys.modules.get("lake.means")) is not None:
        _forget(means, keep)


def _forget(module: ModuleType, keep: Collection[str]) -> None:
    for name, cached in vars(module).items():
        if hasattr(cached, "cache_clear") and name not in keep:
            cached.cache_clear()
