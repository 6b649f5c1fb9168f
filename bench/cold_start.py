"""
What importing ``app.py`` costs, as Lambda does it: from the bundle, compiled, nothing else.

The floor is what no Chalice application on DynamoDB can do without: Chalice itself
and one boto3 DynamoDB client, imported from the same bundle in the same run. Processor
time is measured and rounds take turns: a busy machine changes the figures little.

What a first request runs besides is imported when it is asked for (docs/adr/0014), so two first
requests are measured as well: opening a case, and a chunk of an upload.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from bench.report import Figure, Report
from infra import package

ROUNDS = 9
CHALICE = "from chalice.app import Chalice; app = Chalice(app_name='bare')"
CLIENT = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"


def _first(*modules: str) -> str:
    """Import the app, and run the modules that a first request asks for."""
    asked = (f"import chalicelib.{name}; chalicelib.{name}.__doc__" for name in modules)
    return "\n".join(("import app", *asked))


SCRIPTS = {
    "bare Chalice": CHALICE,
    "floor": f"{CHALICE}; {CLIENT}",
    "app": "import app",
    "app, to open a case": _first(
        "services.sessions",
        "services.case_pages",
        "store.people",
        "store.portfolios",
        "store.cases",
    ),
    "app, to load a chunk": _first(
        "services.upload_units", "store.uploads", "store.files", "store.portfolios", "store.cases"
    ),
}
TARGETS = {
    "bare Chalice": None,
    "app": 1.15,
    "app, to open a case": None,
    "app, to load a chunk": 1.4,
}
MEASURE = """
import sys, time
sys.path.insert(0, '.')
before = time.process_time()
{script}
took = (time.process_time() - before) * 1000
import resource
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> None:
    report = Report("cold_start")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package.bundle("host")) as archive:
            archive.extractall(folder)
        times: dict[str, list[float]] = {name: [] for name in SCRIPTS}
        memory: dict[str, float] = {}
        for _ in range(ROUNDS):
            for name, script in SCRIPTS.items():
                took, peak_kb = _measure(script, Path(folder))
                times[name].append(took)
                memory[name] = peak_kb / 1024
    floor = statistics.median(times["floor"])
    for name, target in TARGETS.items():
        report.add(
            Figure(
                metric=f"import: {name}",
                value=round(statistics.median(times[name]), 1),
                unit="ms of CPU",
                floor=round(floor, 1),
                floor_is="Chalice and a DynamoDB client",
                target=target,
            )
        )
    report.add(
        Figure(metric="memory after import", value=round(memory["app"]), unit="MB", target=90)
    )
    report.print()


def _measure(script: str, bundle: Path) -> tuple[float, float]:
    env = {"PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1"}
    ran = subprocess.run(
        [sys.executable, "-S", "-E", "-c", MEASURE.format(script=script)],
        cwd=bundle, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    took, peak = ran.stdout.split()[-2:]
    # macOS counts bytes where Linux counts kilobytes.
    return float(took), float(peak) / (1024 if sys.platform == "darwin" else 1)


if __name__ == "__main__":
    main()
