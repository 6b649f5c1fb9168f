"""What importing ``app`` may run: the cold start's budget, without a clock (docs/adr/0014)."""

import ast
import os
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import chalicelib
from chalicelib import handlers, wiring

# Run by every request, whatever it asks for. A module that is not here is imported ``lazily``:
# docs/adr/0014 shows how. Add one only if every request needs it.
WIRING = {"chalicelib", "chalicelib.config", "chalicelib.lazily", "chalicelib.prediction.served"}
ROUTES = {
    "chalicelib.domain.errors",
    "chalicelib.domain.ids",
    "chalicelib.domain.notice",
    "chalicelib.domain.people",
    "chalicelib.domain.plain",
}
# Packages: each is a docstring.
PACKAGES = {
    f"chalicelib.{name}"
    for name in (
        "bi", "channels", "compliance", "conversation", "domain", "forms", "geo", "handlers",
        "i18n", "intake", "messages", "payments", "prediction", "routes", "selfpay", "services",
        "store", "strategies", "tracking", "visits", "webhooks",
    )
}  # fmt: skip
# Every route and every name of the wiring, but not what a handler asks for inside a function.
ALL_OF = ("chalicelib.handlers.", "chalicelib.wiring")
BUT = ("chalicelib.handlers.models", "chalicelib.handlers.openapi")
HEAVY = {
    "babel", "boto3", "botocore.client", "cryptography", "dateparser", "duckdb", "h3",
    "holidays", "jinja2", "jwt", "numpy", "openpyxl", "orjson", "phonenumbers", "pydantic",
    "pynamodb", "python_calamine", "rapidfuzz", "stdnum", "stripe", "urllib3", "xlsxwriter",
}  # fmt: skip
ASK = """
import sys
{statement}
lazy = lambda module: object.__getattribute__(module, "__class__").__name__ == "_LazyModule"
print(*(name for name, module in list(sys.modules.items()) if not lazy(module)))
"""


def run_by(statement: str) -> set[str]:
    """Import in a process of its own, and name what was run for it."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK.format(statement=statement)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"AWS_DEFAULT_REGION": "us-east-1"},
    )
    return set(ran.stdout.split())


def behind(ran: set[str]) -> set[str]:
    """Ours that a cold start should not have run."""
    return {
        name
        for name in ran - WIRING - ROUTES - PACKAGES
        if name.startswith("chalicelib") and (not name.startswith(ALL_OF) or name.startswith(BUT))
    }


def test_wiring_runs_no_store_service_or_channel():
    assert behind(run_by("import chalicelib.wiring")) == set()


def test_importing_the_app_runs_the_routes_and_nothing_behind_them():
    ran = run_by("import app")

    assert behind(ran) == set()
    assert ran & HEAVY == set()


@pytest.mark.parametrize("package", [handlers, wiring], ids=lambda package: package.__name__)
def test_who_imports_lazily_starts_no_threads(package):
    """Two threads that ask a module for the first time at once may find it half run."""
    sources = Path(package.__path__[0]).glob("*.py")

    threaded = {
        path.name
        for path in sources
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (getattr(node, "module", None) or "", *(each.name for each in node.names))
        if name.partition(".")[0] in ("concurrent", "threading")
    }
    assert threaded == set()


def test_tests_run_what_waits_before_they_start_threads():
    ran = run_by("import app; from tests.conftest import run_what_waits; run_what_waits()")

    assert "chalicelib.services.checkouts" in ran


def test_every_module_can_be_imported():
    """A lazy import hides a broken module until somebody asks for it."""
    for found in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        import_module(found.name).__doc__  # noqa: B018 (asking is what loads it)
