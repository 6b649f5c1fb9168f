"""
Make the project's environments from the lock files. Standard library only.

``.venv`` holds the project and its tools; ``.venv-cloud`` holds the local AWS
emulator, which pins a botocore of its own (docs/adr/0001). ``--all`` adds
``.venv-scan``, the template's security scanner, which brings a hundred packages. A
second run costs nothing: an environment is touched only when its lock file has changed.
"""

import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = {".venv": "requirements-dev.txt", ".venv-cloud": "requirements-cloud.txt"}
SCANNER = {".venv-scan": "requirements-scan.txt"}


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 (the one file that any Python may start)
        print(f"Recobro needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        print("Name another with: make PYTHON=python3.11 run")
        return 1
    wanted = ENVIRONMENTS | (SCANNER if "--all" in sys.argv[1:] else {})
    for name, lock in wanted.items():
        ensure(ROOT / name, ROOT / lock)
    return 0


def ensure(where: Path, lock: Path) -> None:
    """Bring the environment *where* to what *lock* says, wheels checked against its hashes."""
    wanted = _stamp(lock)
    stamp = where / ".lock-hash"
    if stamp.exists() and stamp.read_text() == wanted and _python(where).exists():
        return
    began = time.monotonic()
    print(f"  {where.name:<12} installing {lock.name} ...", flush=True)
    if not _python(where).exists():
        venv.create(where, with_pip=True, symlinks=os.name != "nt")
    uv = _uv()
    if subprocess.run(
        [uv, "pip", "sync", "-q", "--require-hashes", "--python", _python(where), lock],
        check=False,
        cwd=ROOT,
    ).returncode:
        # Some networks give pip, and only pip, a mirror to install from.
        _pip(_python(where), lock)
    stamp.write_text(wanted)
    print(f"  {where.name:<12} ready in {time.monotonic() - began:.0f} s", flush=True)


def _uv() -> Path:
    """The installer, in an environment of its own so that a sync never removes it."""
    where = ROOT / ".venv-uv"
    lock = ROOT / "requirements-uv.txt"
    if not _python(where).exists():
        venv.create(where, with_pip=True, symlinks=os.name != "nt")
    stamp = where / ".lock-hash"
    if not stamp.exists() or stamp.read_text() != _stamp(lock):
        _pip(_python(where), lock)
        stamp.write_text(_stamp(lock))
    return _python(where).with_name("uv")


def _pip(python: Path, lock: Path) -> None:
    subprocess.run(
        [
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            lock,
        ],
        check=True,
        cwd=ROOT,
    )


def _python(where: Path) -> Path:
    return where / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _stamp(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
