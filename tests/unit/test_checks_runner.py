"""The runner of the checks: what it tries once more, and what it says of that."""

import sys
from pathlib import Path

import pytest

from scripts import checks
from scripts.checks import Check, counts, run, steady

ONCE = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("n", range({n}))
def test_race(n):
    seen = Path(__file__).with_name(f"seen-{{n}}")
    first = not seen.exists()
    seen.touch()
    assert not first

def test_sound():
    assert True

def test_later():
    assert {later}
"""


@pytest.fixture
def check(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(checks, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def made(text: str, *, retried: bool = True) -> Check:
        (tmp_path / "test_it.py").write_text(text)
        report = tmp_path / "logs" / "pages.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", "test_it.py"]
        return Check("tests of pages", command, retried=retried)

    return made


def test_what_passes_alone_is_named_and_counted_once(check, capsys):
    wanted = check(ONCE.format(n=2, later=True))
    unsteady: list[str] = []

    assert not run(wanted)
    assert steady(wanted, unsteady)

    assert unsteady == ["test_it::test_race[0]", "test_it::test_race[1]"]
    assert counts() == (4, 0, 0)
    assert "tests of pages, again" in capsys.readouterr().out


def test_what_fails_again_fails_the_run(check):
    wanted = check(ONCE.format(n=1, later=False))
    unsteady: list[str] = []

    assert not run(wanted)
    assert not steady(wanted, unsteady)

    assert (unsteady, counts()) == ([], (2, 1, 0))


def test_a_file_that_cannot_be_read_stays_broken(check):
    wanted = check("import nothing_of_this_name")

    assert not run(wanted)
    assert not steady(wanted, [])


def test_many_failures_are_not_tried_again(check, capsys):
    wanted = check(ONCE.format(n=6, later=True))

    assert not run(wanted)
    assert not steady(wanted, [])

    assert "again" not in capsys.readouterr().out


def test_tests_without_a_browser_have_no_second_try(check):
    wanted = check(ONCE.format(n=1, later=True), retried=False)

    assert not run(wanted)
    assert not steady(wanted, [])
    assert [one.name for one in checks.everything() if one.retried] == [
        "tests of pages",
        "tests on the stack",
    ]
