"""What importing ``app`` may run: the cold start's budget, without a clock (docs/adr/0014)."""

import os
import pkgutil
import subprocess
import sys
from importlib import import_module

import chalicelib

# Run by every request, whatever it asks for. A module that is not here is imported ``lazily``.
OURS = {
    "chalicelib",
    "chalicelib.channels",
    "chalicelib.config",
    "chalicelib.domain",
    "chalicelib.lazily",
    "chalicelib.services",
    "chalicelib.store",
    "chalicelib.wiring",
    "chalicelib.wiring.casework",
    "chalicelib.wiring.clients",
    "chalicelib.wiring.contacting",
    "chalicelib.wiring.files",
    "chalicelib.wiring.people",
    "chalicelib.wiring.queues",
    "chalicelib.wiring.reading",
}
ASK = """
import sys
{statement}
lazy = lambda module: object.__getattribute__(module, "__class__").__name__ == "_LazyModule"
print(*(name for name, module in list(sys.modules.items()) if not lazy(module)))
"""


def run_by(statement: str) -> set[str]:
    """Import in a process of its own, and name what was run for it."""
    environment = os.environ | {"AWS_DEFAULT_REGION": "us-east-1"}
    ran = subprocess.run(
        [sys.executable, "-c", ASK.format(statement=statement)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    return set(ran.stdout.split())


def test_wiring_runs_no_store_service_or_channel():
    ran = run_by("import chalicelib.wiring")

    assert {name for name in ran if name.startswith("chalicelib")} <= OURS


def test_every_module_can_be_imported():
    """A lazy import hides a broken module until somebody asks for it."""
    for found in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        import_module(found.name).__doc__  # noqa: B018 (asking is what loads it)
