"""The runner of the benches: what it starts, what it leaves, how it ends."""

import json
import sys

import pytest

from bench.report import by_size
from scripts import bench
from scripts.bench import with_all_it_starts

ENGINE = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
signal.alarm(20)
print("up", flush=True)
signal.sigwait([signal.SIGALRM])
print("still here after its bench", flush=True)
"""
STARTS_ANOTHER = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {ENGINE!r}])"


def test_what_a_bench_started_goes_with_it():
    with with_all_it_starts([sys.executable, "-c", STARTS_ANOTHER]) as running:
        assert running.stdout
        assert running.stdout.readline() == "up\n"

    # Nobody holds the other end any more: it ends at once, and has said nothing since.
    assert running.stdout.read() == ""


@pytest.mark.parametrize(
    ("told", "status"),
    [((True, True), 0), ((False, False), 0), ((False, True), 1), ((None, False), 0)],
)
def test_only_what_no_machine_changes_fails_a_run(tmp_path, monkeypatch, capsys, told, status):
    met, exact = told
    figure = {"metric": "the figure", "value": 2.0, "unit": "s", "target": 1.0,
              "met": met, "exact": exact}  # fmt: skip
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "one.py").write_text(
        f"\ndef main():\n    print({json.dumps({'figures': [figure]})!r})\n\nmain()\n"
    )
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "RESULTS", folder / "results")

    assert bench.main([]) == status

    missed = capsys.readouterr().out.partition("MISSED (")[2]
    assert ("the figure" in missed) == (met is False)


def test_a_size_is_compared_with_the_smallest_round_by_round():
    small, large = by_size("{size} rows", {10: [1.0, 4.0, 2.0], 1_000: [2.0, 4.0, 5.0]}, target=1.5)

    assert (small.metric, small.value, small.met) == ("10 rows", 2_000, None)
    assert (large.metric, large.value, large.met) == ("1,000 rows", 4_000, False)
    assert large.ratio == 2.0


CUT_OFF = """
import json, signal, sys

def main():
    def stop(number, frame):
        print(json.dumps({"figures": [], "left_out": ["the last page"]}), flush=True)
        sys.exit()
    signal.signal(signal.SIGTERM, stop)
    while True:
        signal.pause()

main()
"""


def test_a_bench_that_is_cut_off_tells_what_it_has(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "one.py").write_text(CUT_OFF)
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "RESULTS", folder / "results")
    monkeypatch.setattr(bench, "LONGEST_S", 1)

    assert bench.main([]) == 1

    assert "not measured: the last page" in capsys.readouterr().out
    assert (folder / "results/one.json").exists()
