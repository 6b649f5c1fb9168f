"""Run every bench, keep what it says in bench/results/, print one table."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
NOT_BENCHES = {"__init__.py", "report.py"}


def main(names: list[str]) -> int:
    RESULTS.mkdir(exist_ok=True)
    failed, missed = [], 0
    for path in sorted((ROOT / "bench").glob("*.py")):
        if path.name in NOT_BENCHES or (names and path.stem not in names):
            continue
        began = time.monotonic()
        ran = subprocess.run(
            [sys.executable, "-m", f"bench.{path.stem}"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        document = _last_json(ran.stdout)
        print(f"\n{path.stem}  ({time.monotonic() - began:.0f} s)", flush=True)
        if ran.returncode or document is None:
            print(ran.stdout[-2000:])
            failed.append(path.stem)
            continue
        (RESULTS / f"{path.stem}.json").write_text(json.dumps(document, indent=1) + "\n")
        figures = document.get("figures", [])
        missed += sum(figure.get("met") is False for figure in figures)
        for figure in figures:
            print("  " + _row(figure))
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    print(f"\n{missed} targets missed" if missed else "\nall targets met")
    return 1 if failed else 0


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
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
