"""A pattern is refused for what it is, never for the machine it was tried on."""

import pytest

from chalicelib.forms import patterns
from chalicelib.forms.errors import BadExpression


class Clock:
    """Each match takes what stands in *took*, then nothing."""

    def __init__(self, *took: float) -> None:
        self.took, self.at, self.asked = list(took), 0.0, 0

    def thread_time(self) -> float:
        self.asked += 1
        if self.asked % 2 == 0 and self.took:
            self.at += self.took.pop(0)
        return self.at


@pytest.mark.parametrize("hiccups", [(), (9.0,), (9.0, 9.0)])
def test_a_match_that_is_slow_by_accident_is_tried_again(monkeypatch, hiccups):
    monkeypatch.setattr(patterns, "time", Clock(*hiccups))

    assert patterns.longest_subject("[0-9]+") == 500


def test_a_match_that_is_always_slow_is_refused(monkeypatch):
    monkeypatch.setattr(patterns, "time", Clock(*[9.0] * 100_000))

    with pytest.raises(BadExpression, match="regex_slow"):
        patterns.longest_subject("[0-9]+")
