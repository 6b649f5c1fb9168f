"""The bundle holds exactly what runs, and starts quickly."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys

import pytest

from infra import build, package
from tests.infra.conftest import is_compiled

MB = 1_000_000
PACKAGE = package.API
NEVER = {
    "boto3-stubs",
    "click",
    "inquirer",
    "moto",
    "mypy",
    "pip",
    "pytest",
    "ruff",
    "setuptools",
    "wheel",
    "duckdb",
    "ministack",
    "pyvrp",
}
TOO_HEAVY_TO_START_WITH = {
    "PIL",
    "babel",
    "calamine",
    "dateparser",
    "duckdb",
    "fontTools",
    "fpdf",
    "holidays",
    "jinja2",
    "numpy",
    "odf",
    "openpyxl",
    "pandas",
    "phonenumbers",
    "polars",
    "pyarrow",
    "pyvrp",
    "pyxform",
    "python_calamine",
    "rapidfuzz",
    "segno",
    "stdnum",
    "stripe",
    "xlsxwriter",
}


def test_it_stays_small(bundle):
    zipped = (build.BUILD / "lambda" / "deployment.zip").stat().st_size
    unzipped = sum(p.stat().st_size for p in bundle.rglob("*") if p.is_file())

    assert zipped <= 40 * MB  # 45 is the budget; the rest is for what is to come
    assert unzipped <= 170 * MB


def test_nothing_that_only_helps_to_develop_is_inside(bundle):
    inside = {
        d.metadata["Name"].lower() for d in importlib.metadata.distributions(path=[str(bundle)])
    }

    assert not inside & NEVER
    assert {p.name for p in (bundle / "chalice").iterdir()} == {
        "app.py",
        "__init__.py",
        "__pycache__",
    }
    assert not [p for p in bundle.rglob("*") if p.name in ("tests", "test_template.py")]


def test_of_aws_only_the_services_in_use_are_inside(bundle):
    inside = {p.name for p in (bundle / "botocore" / "data").iterdir() if p.is_dir()}

    assert inside == package.SERVICES


def test_the_code_calls_no_other_service():
    """A client of a pruned service would fail in the cloud only: the tests use all of botocore."""
    called = set()
    for source in (build.ROOT / "chalicelib").rglob("*.py"):
        called |= set(re.findall(r"(?:\bclient|\baws)\(\s*\"([a-z0-9-]+)\"", source.read_text()))

    assert called <= package.SERVICES


def test_every_module_is_compiled_and_never_checked_again(bundle):
    is_compiled(bundle)


def test_wheels_are_lambdas_own(bundle):
    compiled = [p.name for p in bundle.rglob("*.so") if "cpython" in p.name]

    assert compiled
    assert {bool(re.search(r"cpython-311-x86_64-linux-gnu|abi3", name)) for name in compiled} == {
        True
    }


def test_what_the_bundle_is_pruned_of_was_there(tmp_path):
    """A library that moves its parts would bring them back unseen."""
    everywhere = [path for one in importlib.metadata.distributions() for path in one.files or []]
    pruned = {path.parts[0] for path in everywhere if package.IDLE.match(path.as_posix())}

    assert pruned >= {
        "aws_lambda_powertools", "babel", "cffi", "dateutil", "fontTools",
        "holidays", "pycparser", "pydantic", "rapidfuzz", "stdnum",
    }  # fmt: skip


@pytest.fixture(scope="module")
def imported(host):
    """Import every module of ours from the host's bundle alone; what did app.py pull in?"""
    script = (
        "import sys, json, pkgutil, importlib; sys.path.insert(0, '.'); import app;"
        "first = sorted(sys.modules); import chalicelib;"
        "[importlib.import_module(m.name)"
        " for m in pkgutil.walk_packages(chalicelib.__path__, 'chalicelib.')];"
        "print(json.dumps(first))"
    )
    return set(json.loads(ran(script, host)))


def ran(script, where):
    # -S: no site-packages, so that nothing comes from the machine; -I: nothing from its settings.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        cwd=where,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_it_runs_from_the_bundle_alone(imported):
    assert {"app", "chalice"} <= imported


def test_starting_imports_nothing_heavy(imported):
    assert not {name.partition(".")[0] for name in imported} & TOO_HEAVY_TO_START_WITH


def test_a_letter_is_printed_without_the_libraries_left_out(host):
    script = (
        "import sys; sys.path.insert(0, '.'); from datetime import UTC, datetime;"
        "from chalicelib.channels import letter_pdf;"
        "from chalicelib.domain.contact import Channel, Content, Outgoing;"
        "content = Content(to='A\\nB', subject='Aviso', text='Vea https://r.example/p');"
        "message = Outgoing(message_id='att', reference='cas:att', portfolio_id='prt',"
        " channel=Channel.LETTER, content=content, country='MX');"
        "print(letter_pdf.render(message, made_at=datetime.now(UTC))[0][:5].decode())"
    )

    assert ran(script, host).strip() == "%PDF-"


def test_all_that_our_code_imports_anywhere_is_inside(host):
    """Also what functions import when they run: in Lambda that would be too late to notice."""
    wanted = sorted(
        {
            (module, name)
            for source in (build.ROOT / "chalicelib").rglob("*.py")
            for module, name in imports_of(source)
            if module.partition(".")[0] not in WHERE_INSTALLED
        }
    )
    script = (
        "import sys, json, importlib, warnings; sys.path.insert(0, '.')\n"
        "warnings.simplefilter('ignore')\n"
        f"for module, name in json.loads({json.dumps(json.dumps(wanted))}):\n"
        "    found = importlib.import_module(module)\n"
        "    if name and not hasattr(found, name):\n"
        "        importlib.import_module(f'{module}.{name}')\n"
    )

    assert len(wanted) > 500
    ran(script, host)


# Planning a team's routes uses these where they are, and does without them in the bundle.
WHERE_INSTALLED = {"numpy", "pyvrp"}


def imports_of(source):
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)


# What is pruned inside a library, used as we use it.
USES = {
    "holidays of every country": (
        "from chalicelib.domain.portfolio import COUNTRIES\n"
        "from holidays import country_holidays\n"
        "for code in COUNTRIES:\n"
        "    known = country_holidays(code, years=2026)\n"
        "    assert known, code\n"
        "    for part in (None, *known.subdivisions):\n"
        "        for category in known.supported_categories:\n"
        "            country_holidays(code, subdiv=part, years=2026, categories=category)\n"
    ),
    "dates in three languages": (
        "from dateparser.search import search_dates\n"
        "said = {'es': 'el 5 de marzo', 'en': 'on march 5', 'pt': 'em 5 de março'}\n"
        "for language, text in said.items():\n"
        "    (_, at), = search_dates(text, languages=[language])\n"
        "    assert (at.month, at.day) == (3, 5), language\n"
    ),
    "a signed token": (
        "import jwt; from cryptography.hazmat.primitives.asymmetric import rsa\n"
        "key = rsa.generate_private_key(public_exponent=65537, key_size=2048)\n"
        "token = jwt.encode({'sub': 'x'}, key, algorithm='RS256')\n"
        "assert jwt.decode(token, key.public_key(), algorithms=['RS256']) == {'sub': 'x'}\n"
    ),
    "names compared": (
        "from rapidfuzz import fuzz, process\n"
        "assert process.extract('ana', ['ana', 'eva'], scorer=fuzz.ratio)[0][1] == 100\n"
        "assert fuzz.ratio.__module__ != 'rapidfuzz.fuzz_py', 'the slow twin'\n"
    ),
    "a message in three languages": (
        "from babel.dates import format_date; from babel.numbers import format_currency\n"
        "from datetime import date\n"
        "for locale in ('es_MX', 'en_US', 'pt_BR'):\n"
        "    assert format_date(date(2026, 11, 22), locale=locale)\n"
        "    assert format_currency(1, 'MXN', locale=locale)\n"
    ),
}


@pytest.mark.parametrize("use", USES)
def test_pruned_libraries_do_what_we_use_them_for(host, use):
    ran("import sys; sys.path.insert(0, '.')\n" + USES[use], host)
