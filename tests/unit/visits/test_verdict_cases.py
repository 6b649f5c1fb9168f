"""The phone and the server judge alike: the cases in the file are what Python says today."""

import json
from collections import Counter

import pytest

from tests.unit.visits.cases import FILE, judged

CASES = json.loads(FILE.read_text())


def test_the_cases_are_what_this_side_judges():
    for case in CASES:
        now, then = judged(case)["judged"], case["judged"]
        assert now | {"distance_m": 0} == then | {"distance_m": 0}
        assert now["distance_m"] == (
            None if then["distance_m"] is None else pytest.approx(then["distance_m"])
        )


def test_the_cases_hold_every_verdict_and_every_reason():
    verdicts = Counter(case["judged"]["verdict"] for case in CASES)
    reasons = Counter(reason for case in CASES for reason in case["judged"]["reasons"])
    assert min(verdicts["verified"], verdicts["unsure"], verdicts["outside"]) >= 5
    assert len(reasons) == 7
