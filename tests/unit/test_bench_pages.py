"""The debtor's pages that the benches open are pages still: nobody else would notice in time."""

import pytest

from bench import debtor_pages, lighthouse
from bench.report import Report


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("path", debtor_pages.TEMPLATES)
def test_a_page_for_the_bench_is_made(path, language):
    content, headers = debtor_pages.page(path, language)

    assert f'<html lang="{language}"'.encode() in content
    assert headers["Content-Type"].startswith("text/html")


def test_a_run_of_lighthouse_that_is_stopped_has_the_pages_so_far():
    report = Report("lighthouse")

    def judge(page):
        if page["name"] == "stopped":
            raise KeyboardInterrupt
        return None if page["name"] == "mute" else [("performance", 98.0, 95.0)]

    waiting = [{"name": name} for name in ("home", "mute", "stopped", "never")]
    lighthouse.measure(report, waiting, judge)

    assert [(one.metric, one.met) for one in report.figures] == [("home: performance", True)]
    assert report.document()["left_out"] == ["mute", "stopped", "never"]


def test_a_run_of_lighthouse_ends_in_time(monkeypatch):
    monkeypatch.setattr(lighthouse, "SECONDS", 0)
    report = Report("lighthouse")

    lighthouse.measure(report, [{"name": "home"}], lambda _page: [])

    assert report.left_out == ["home"]
