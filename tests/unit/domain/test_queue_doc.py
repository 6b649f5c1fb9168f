"""What ``docs/queue.md`` tells supervisors of the queue is what ``domain.priority`` does."""

import json
import re
from pathlib import Path

import pytest

from chalicelib.domain import policy_rules, priority
from chalicelib.domain.priority import WEIGHTS, Factor, QueuePolicy, Standing, rank
from chalicelib.services import call_queue, turn_moves
from tests.builders import a_portfolio

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs/queue.md").read_text("utf-8")
NAMES = json.loads((ROOT / "frontend/i18n/callsettings.es.json").read_text("utf-8"))

# What is known of a case, in the words of the page, and as it is ranked.
EXAMPLES = [
    ("a call-back whose hour has come", Factor.CALL_BACK, Standing(called_back=True)),
    ("a promise broken yesterday", Factor.PROMISE_BROKEN, Standing(broken_days=1)),
    ("broken three days ago", Factor.PROMISE_BROKEN, Standing(broken_days=3)),
    ("broken a week ago", Factor.PROMISE_BROKEN, Standing(broken_days=7)),
    ("broken eight days ago", Factor.PROMISE_BROKEN, Standing(broken_days=8)),
    ("a promise due today", Factor.DUE_TODAY, Standing(due_today=True)),
    ("the strategy asks for a call", Factor.ASKED, Standing(asked=True)),
    ("keeps 80 of 100 promises", Factor.LIKELY, Standing(likely=80)),
    ("nothing known of promises", Factor.LIKELY, Standing()),
    ("pays soon with a chance of 60 of 100", Factor.FORECAST, Standing(forecast=60)),
    ("the usual balance", Factor.BALANCE, Standing(balance_minor=100, usual_minor=100)),
    ("four times the usual balance", Factor.BALANCE, Standing(balance_minor=400, usual_minor=100)),
    ("in the first of five bands", Factor.BAND, Standing(band=(0, 5))),
    ("in the last of five bands", Factor.BAND, Standing(band=(4, 5))),
    ("three days from a worse band", Factor.ROLLS_SOON, Standing(rolls_in=3)),
    ("four days from a worse band", Factor.ROLLS_SOON, Standing(rolls_in=4)),
    ("never spoken with", Factor.REST, Standing(rested_days=None)),
    ("spoken with ten days ago", Factor.REST, Standing(rested_days=10)),
    ("lawful hours end in 30 minutes", Factor.CLOSES_SOON, Standing(closes_in=30)),
    ("lawful hours end in two hours", Factor.CLOSES_SOON, Standing(closes_in=120)),
    ("as good an hour as there is", Factor.GOOD_HOUR, Standing(good_hour=100)),
]


def points(standing, factor):
    found = rank(standing, QueuePolicy()).reasons
    return next((one.points for one in found if one.code == factor), 0)


def row(start):
    found = [line for line in TEXT.splitlines() if line.startswith(start)]
    assert len(found) == 1, start
    return [cell.strip() for cell in found[0].strip("|").split("|")]


@pytest.mark.parametrize("factor", Factor)
def test_every_factor_is_told_with_its_name_and_its_weight(factor):
    code, name, weight, words = row(f"| `{factor.value}` |")

    assert name == NAMES[f"factor.{factor.value}"]
    assert int(weight) == WEIGHTS[factor]
    assert len(words) > 20
    assert code


def test_no_factor_is_told_that_is_none():
    told = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    assert sorted(told) == sorted(one.value for one in Factor)


@pytest.mark.parametrize(("words", "factor", "standing"), EXAMPLES)
def test_every_example_gives_the_points_that_are_told(words, factor, standing):
    _, name, told = row(f"| {words} |")

    assert name == NAMES[f"factor.{factor.value}"]
    assert int(told) == points(standing, factor)


def test_every_example_of_the_page_is_one_of_these():
    table = TEXT.split("## What that comes to", 1)[1].split("##", 1)[0]
    told = re.findall(r"^\| ([^|]+) \| [^|]+ \| \d+ \|$", table, re.MULTILINE)
    assert [one.strip() for one in told] == [words for words, _, _ in EXAMPLES]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("from 0 to {} points", priority.MOST_WEIGHT),
        ("after {} days it is no news", priority.FRESH_DAYS),
        ("within {} days of a worse band", priority.ROLLING_DAYS),
        ("all of it after {} days", priority.RESTED_DAYS),
        ("the last {} minutes of the lawful hours", priority.CLOSING_MINUTES),
        ("common quota is {} %", QueuePolicy().least_percent),
        ("stays with whoever took it for {} minutes", QueuePolicy().hold_minutes),
        ("{} overdue cases a day", QueuePolicy().fill),
        ("after {} minutes it is anybody's", int(call_queue.OWN_FIRST.total_seconds() // 60)),
        ("looks at {} cases", call_queue.LOOKS),
        ("{} days ahead at most", turn_moves.LONGEST.days),
    ],
)
def test_every_number_of_the_page_is_the_codes(words, number):
    assert words.format(number) in " ".join(TEXT.split())


def test_what_may_be_set_is_what_the_page_says():
    ranges = " ".join(TEXT.split())
    assert "quota from 0 to 50 %" in ranges
    assert "from 5 to 240 minutes" in ranges
    base = a_portfolio()
    assert policy_rules.check(base) is None
