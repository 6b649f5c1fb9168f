"""The template as CloudFormation would get it, and the bundle as Lambda would."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra import build, package


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
    where = tmp_path_factory.mktemp("bundle")
    with zipfile.ZipFile(package.bundle("lambda")) as archive:
        archive.extractall(where)
    return where


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: r for name, r in resources.items() if r["Type"] == kind}
