"""Run every bench, keep what it says in bench/results/, print one table."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
LONGEST_S = 900  # a bench that hangs is a failed one


def main(names: list[str]) -> int:
    RESULTS.mkdir(exist_ok=True)
    failed, missed = [], 0
    for path in sorted((ROOT / "bench").glob("*.py")):
        if "\ndef main(" not in path.read_text() or (names and path.stem not in names):
            continue
        began = time.monotonic()
        said = _run(path.stem)
        document = _last_json(said)
        print(f"\n{path.stem}  ({time.monotonic() - began:.0f} s)", flush=True)
        if document is None:
            print(said[-2000:])
            failed.append(path.stem)
            continue
        (RESULTS / f"{path.stem}.json").write_text(json.dumps(document, indent=1) + "\n")
        figures = document.get("figures", [])
        missed += sum(figure.get("met") is False for figure in figures)
        for figure in figures:
            print("  " + _row(figure))
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    if missed or not failed:
        print(f"\n{missed} targets missed" if missed else "\nall targets met")
    return 1 if failed else 0


def _run(name: str) -> str:
    """Run a bench; gives what it said, and how it ended when that was not well."""
    try:
        ran = subprocess.run(
            [sys.executable, "-m", f"bench.{name}"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=LONGEST_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"stopped after {LONGEST_S} s"
    return ran.stdout if ran.returncode == 0 else f"exit status {ran.returncode}"


def _row(figure: dict[str, Any]) -> str:
    ratio, target, met = figure.get("ratio"), figure.get("target"), figure.get("met")
    against = f"{ratio:5.2f} x {figure['floor']:,.1f}" if ratio is not None else ""
    sign = ">=" if figure.get("at_least") else "<="
    wanted = "" if target is None else f"{'met' if met else 'MISSED'}  {sign} {target}"
    value = f"{figure['value']:,.1f} {figure['unit']}"
    return f"{figure['metric'][:44]:<44} {value:>18}  {against:<18} {wanted}"


def _last_json(text: str) -> dict[str, Any] | None:
    """The document a bench ends with; whatever it printed before is for people."""
    start = 0 if text.startswith("{") else text.find("\n{") + 1
    try:
        found: dict[str, Any] = json.loads(text[start:])
    except json.JSONDecodeError:
        return None
    return found if "figures" in found else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
