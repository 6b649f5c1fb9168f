"""
Make the functions' zips: exactly what runs, compiled (docs/adr/0002).

``chalice package`` would bundle the whole of botocore's data, Babel's every locale
and the command-line half of Chalice, and no compiled code, which triples a cold
start. The bundle is made in two layers: the libraries, rebuilt when the lock file
changes, and our own code on top, in well under a second. There are three of them:
``API`` is app.py with all of ``chalicelib``; ``LAKE`` and ``PLANNER`` are what ``lake.functions``
and ``planner.functions`` need of it, with DuckDB and with PyVRP, for which the first has no room.

Run: ``python -m infra.package [host|lambda]``.
"""

import compileall
import contextlib
import fcntl
import hashlib
import importlib.metadata
import py_compile
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra import closure

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"

#: ``host`` runs in the emulator with this machine's own wheels, ``lambda`` on AWS.
Target = Literal["host", "lambda"]
LAMBDA_PLATFORM = "x86_64-manylinux_2_28"  # Amazon Linux 2023
LAMBDA_PYTHON = "3.11"

# AWS services that the code calls. A client of any other fails at once, in the tests too.
SERVICES = {
    "cognito-idp",
    "connect",
    "dynamodb",
    "geo-places",
    "geo-routes",
    "lambda",
    "pinpoint-sms-voice-v2",
    "s3",
    "secretsmanager",
    "sesv2",
    "socialmessaging",
    "sqs",
    "sts",
}
LAKE_SERVICES = {"athena", "dynamodb", "s3", "sqs", "sts"}
PLANNER_SERVICES = {"dynamodb", "sqs", "sts"}
LANGUAGES = ("es", "en", "pt")
# Chalice needs its own app.py and __init__.py in Lambda; the rest is its command line.
CHALICE_RUNTIME = ("app.py", "__init__.py")
# Countries whose holidays a rule pack may ask for: those of ``domain.portfolio.COUNTRIES``.
HOLIDAYS = (
    "argentina", "bolivia", "brazil", "chile", "colombia", "costa_rica", "ecuador", "mexico",
    "panama", "paraguay", "peru", "spain", "united_states", "uruguay",
)  # fmt: skip
# These import every country; the library asks for one by the name of its module.
EMPTIED = ("holidays/countries/__init__.py", "holidays/financial/__init__.py")
# What never runs in Lambda, by where it lies. A library that misses a part fails in the tests:
# they import from the bundle all that our code imports anywhere, and use what is pruned inside.
IDLE = re.compile(
    "|".join(
        (
            # Commands, and what others compile against.
            r"(bin|include|lib|lib64|dateparser_cli|dateparser_scripts)/",
            # Pillow is for pictures in PDFs: ours hold none.
            r"(PIL|pillow\.libs)/",
            # cryptography needs only cffi's backend.
            r"(cffi|pycparser)/",
            # Of the powertools we use the logger.
            r"aws_lambda_powertools/event_handler/",
            r"aws_lambda_powertools/utilities/(?!__init__|jmespath_utils|typing|lambda_context)",
            r"aws_lambda_powertools/metrics/provider/datadog/",
            # Extraction of texts, and languages nobody writes in. (dateparser loads all it has.)
            r"babel/messages/",
            r"holidays/locale/(?!en_US|es/|pt_BR)",
            # The world's holidays, and those of stock exchanges.
            r"holidays/financial/(?!__init__)",
            rf"holidays/countries/(?!__init__|({'|'.join(HOLIDAYS)})\.)",
            # A second copy of the zones: zoneinfo reads those of tzdata.
            r"dateutil/zoneinfo/",
            # Formats of type designers.
            r"fontTools/(cu2qu|merge|mtiLib|qu2cu|t1Lib|ufoLib|voltLib)/",
            r"pydantic/(v1/|mypy)",
            # We compare by ``fuzz``, which does not use these.
            r"rapidfuzz/distance/metrics_cpp",
            # Numbers of network cards, SIM cards and Chinese counties.
            r"stdnum/(oui|imsi|cn/loc)\.dat",
            # Other programs' ways into DuckDB, and its twin of Spark.
            r"(_duckdb-stubs|adbc_driver_duckdb|duckdb/experimental)/",
            # Drawings and files of plans, and what builds, checks and tests extensions in C.
            r"pyvrp/(plotting|cli\.)",
            r"numpy/(distutils|f2py|typing|random/(lib|_examples))/",
            # fontTools' compiled modules are faster twins of Python ones.
            r"fontTools/.*\.so$",
            r".*\.(pyi|pyx|pxd|c|h|hpp|cpp|jar|a|typed)$",
        )
    )
)
EPOCH = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """
    What some functions run from.

    Args:
        name: Of its zip, without the ending.
        requirements: Its ``.in`` and ``.txt``, without the ending.
        services: Of AWS, those it calls.
        starts: Modules that it holds with what they need; nothing = app.py and ``chalicelib``.
    """

    name: str
    requirements: str
    services: frozenset[str]
    starts: tuple[str, ...] = ()

    @property
    def roots(self) -> Path:
        return ROOT / f"{self.requirements}.in"

    @property
    def lock(self) -> Path:
        return ROOT / f"{self.requirements}.txt"


API = Package(name="deployment", requirements="requirements", services=frozenset(SERVICES))
LAKE = Package(
    name="lake",
    requirements="requirements-lake",
    services=frozenset(LAKE_SERVICES),
    starts=("lake.functions",),
)
PLANNER = Package(
    name="planner",
    requirements="requirements-planner",
    services=frozenset(PLANNER_SERVICES),
    starts=("planner.functions",),
)
#: By the module that their functions' handlers are in.
PACKAGES = {"app": API, "lake": LAKE, "planner": PLANNER}


def bundles(target: Target) -> dict[str, Path]:
    """Build every zip, by the module that its functions' handlers are in."""
    return {module: bundle(target, package) for module, package in PACKAGES.items()}


def sizes(made: dict[str, Path]) -> str:
    """Say how large the zips are."""
    return " + ".join(f"{path.stat().st_size / 1e6:.1f} MB" for path in made.values())


def bundle(target: Target, package: Package = API) -> Path:
    """
    Build a zip.

    Returns:
        Its path; the same content gives the same bytes, so its hash names it.
    """
    with exclusive():
        return _bundle(target, package)


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Let one process at a time work in ``build/``: tests and ``make run`` share it."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _bundle(target: Target, package: Package) -> Path:
    base = _libraries(target, package)
    out = BUILD / target / f"{package.name}.zip"
    out.parent.mkdir(parents=True, exist_ok=True)
    code = BUILD / target / f"{package.name}-code"
    shutil.rmtree(code, ignore_errors=True)
    if package.starts:
        for path in closure.modules(package.starts, ROOT).values():
            copy = code / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    else:
        shutil.copytree(
            ROOT / "chalicelib",
            code / "chalicelib",
            ignore=shutil.ignore_patterns("__pycache__", "*.pyi"),
        )
        shutil.copy(ROOT / "app.py", code / "app.py")
    _compile(code)
    shutil.copy(base, out)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        _write(archive, code)
    return out


def digest(path: Path) -> str:
    """The name under which a bundle is stored."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:24]


def _libraries(target: Target, package: Package) -> Path:
    made_of = package.lock.read_bytes() + package.roots.read_bytes() + Path(__file__).read_bytes()
    key = hashlib.sha256(made_of + sys.version.encode()).hexdigest()[:16]
    base = BUILD / f"{package.name}-libraries-{target}-{key}.zip"
    if base.exists():
        return base
    for old in BUILD.glob(f"{package.name}-libraries-{target}-*.zip"):
        old.unlink()
    raw, kept = BUILD / target / "raw", BUILD / target / "libraries"
    for folder in (raw, kept):
        shutil.rmtree(folder, ignore_errors=True)
    _install(raw, target, package.lock)
    for distribution in shipped(raw, package.roots):
        _copy(distribution, raw, kept, package.services)
    _compile(kept)
    partial = base.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        _write(archive, kept)
    shutil.rmtree(raw)
    shutil.rmtree(kept)
    return partial.rename(base)


def _install(where: Path, target: Target, lock: Path) -> None:
    uv = ROOT / ".venv-uv" / "bin" / "uv"
    # The bundle's byte code is the running interpreter's: an interpreter of another
    # version may start the laptop's stack, but not build for AWS.
    if target == "lambda" and sys.version_info[:2] != tuple(map(int, LAMBDA_PYTHON.split("."))):
        raise SystemExit(
            f"Build for AWS with Python {LAMBDA_PYTHON}: make deploy PYTHON=python3.11"
        )
    platform = ["--python-platform", LAMBDA_PLATFORM, "--only-binary", ":all:"]
    done = subprocess.run(
        [
            uv,
            "pip",
            "install",
            "-q",
            "--no-deps",  # the lock is whole; the planner's leaves out what only draws
            "--require-hashes",
            "--target",
            where,
            "--python",
            sys.executable,
            *(platform if target == "lambda" else []),
            "-r",
            lock,
        ],
        check=False,
        cwd=ROOT,
    )
    if done.returncode:
        pip_platform = [
            "--platform",
            "manylinux_2_28_x86_64",
            "--platform",
            "manylinux2014_x86_64",
            "--only-binary",
            ":all:",
        ]
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "-q",
                "--no-deps",
                "--require-hashes",
                "--target",
                where,
                *(pip_platform if target == "lambda" else []),
                "-r",
                lock,
            ],
            check=True,
            cwd=ROOT,
        )


def shipped(raw: Path, roots: Path) -> list[importlib.metadata.Distribution]:
    """The distributions that *roots* names and what they need, less Chalice's own needs."""
    found = {
        _name(d.metadata["Name"]): d for d in importlib.metadata.distributions(path=[str(raw)])
    }
    names = [line.split("=")[0] for line in roots.read_text().splitlines() if line[:1].isalpha()]
    reached: set[str] = set()
    todo = [_name(name.split("[")[0]) for name in names]
    while todo:
        name = todo.pop()
        if name in reached or name not in found:
            continue
        reached.add(name)
        if name != "chalice":
            todo += [
                _name(re.split(r"[ ;<>=!~\[(]", need)[0])
                for need in found[name].requires or []
                if "extra ==" not in need
            ]
    return [found[name] for name in sorted(reached)]


def _copy(
    distribution: importlib.metadata.Distribution, raw: Path, kept: Path, services: frozenset[str]
) -> None:
    for file in distribution.files or []:
        path = raw / file
        if ".." in file.parts or not path.is_file() or not _runs(file.as_posix(), services):
            continue
        (kept / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, kept / file)
        if file.as_posix() in EMPTIED:
            (kept / file).write_text("")


def _runs(path: str, services: frozenset[str]) -> bool:
    """Whether a library's file is of any use in Lambda."""
    parts = path.split("/")
    if {"__pycache__", "tests", "RECORD", "INSTALLER"} & set(parts) or IDLE.match(path):
        return False
    match parts:
        case ["chalice", *rest]:
            return rest[-1] in CHALICE_RUNTIME and len(rest) == 1
        case ["botocore", "data", service, *rest]:
            return not rest or (service in services and not rest[-1].startswith("examples"))
        case ["boto3", "data" | "examples", service, *_]:
            return service in services
        case ["babel", "locale-data", locale]:
            return locale.split(".")[0].split("_")[0] in ("root", *LANGUAGES)
    return True


def _compile(folder: Path) -> None:
    # "Unchecked": a zip has no reliable times, and Lambda's files never change.
    ok = compileall.compile_dir(
        folder,
        quiet=2,
        workers=1,
        force=True,
        stripdir=str(folder),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not ok:
        raise SystemExit(f"{folder} does not compile")


def _write(archive: zipfile.ZipFile, folder: Path) -> None:
    for path in _sorted_files(folder):
        entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
        entry.external_attr = 0o644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, path.read_bytes())


def _sorted_files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def _name(raw: str) -> str:
    return re.sub(r"[-_.]+", "-", raw).lower()


if __name__ == "__main__":
    for made in bundles("lambda" if "lambda" in sys.argv[1:] else "host").values():
        print(f"{made.relative_to(ROOT)}  {made.stat().st_size / 1e6:.1f} MB")
