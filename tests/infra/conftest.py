"""The template as CloudFormation would get it, and the bundle as Lambda would."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra import build, closure, package


@pytest.fixture(scope="session")
def template_file(tmp_path_factory) -> Path:
    return build.build(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="session")
def template(template_file) -> dict[str, Any]:
    return json.loads(template_file.read_text())


@pytest.fixture(scope="session")
def resources(template) -> dict[str, Any]:
    return template["Resources"]


@pytest.fixture(scope="session")
def functions(resources) -> dict[str, Any]:
    return of_type(resources, "AWS::Serverless::Function")


@pytest.fixture(scope="session")
def bundle(tmp_path_factory) -> Path:
    """What goes to Lambda, unpacked."""
    return unpacked("lambda", package.API, tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="module")
def inside(request, tmp_path_factory) -> Path:
    """What goes to Lambda of the module's ``PACKAGE``, unpacked."""
    return unpacked("lambda", request.module.PACKAGE, tmp_path_factory.mktemp("inside"))


@pytest.fixture(scope="module")
def host(request, tmp_path_factory) -> Path:
    """What the laptop's emulator runs of it."""
    return unpacked("host", request.module.PACKAGE, tmp_path_factory.mktemp("host"))


def unpacked(target: package.Target, what: package.Package, where: Path) -> Path:
    with zipfile.ZipFile(package.bundle(target, what)) as archive:
        archive.extractall(where)
    return where


def alone(where: Path, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script with a package and nothing else."""
    # -S: no site-packages, so that nothing comes from the machine; -I: nothing from its settings.
    start = "import sys; sys.path.insert(0, '.')\n"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", start + script],
        cwd=where, capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


def imports_of(what: package.Package) -> tuple[int, str]:
    """How much a package imports anywhere, and a script that imports it all."""
    wanted = sorted(
        {
            (module, name)
            for path in closure.modules(what.starts, package.ROOT).values()
            for module, name in closure.imports(path)
        }
    )
    script = (
        "import importlib, json\n"
        f"for module, name in json.loads({json.dumps(json.dumps(wanted))}):\n"
        "    found = importlib.import_module(module)\n"
        "    if name and not hasattr(found, name):\n"
        "        importlib.import_module(f'{module}.{name}')\n"
    )
    return len(wanted), script


def is_compiled(where: Path) -> None:
    """Hold that no module has to be compiled in Lambda, or looked at to see if it changed."""
    for source in where.rglob("*.py"):
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-311.pyc"
        assert compiled.is_file(), source
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 0b01, "unchecked hash"


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: r for name, r in resources.items() if r["Type"] == kind}
