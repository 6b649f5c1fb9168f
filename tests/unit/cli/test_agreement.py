"""``./recobro agreement simulate`` without a stack."""

import json

import pytest

from cli.__main__ import main

OWED = ["--principal", "1000", "--interest", "200.50", "--fees", "0", "--today", "2026-11-22"]


def simulate(*arguments):
    return main(["agreement", "simulate", *OWED, *arguments])


def test_an_offer_within_the_limits(capsys):
    assert simulate("--instalments", "3", "--discount-interest", "50", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["to_pay_minor"] == 120_050 - 10_025
    assert sum(each["amount_minor"] for each in found["payments"]) == found["to_pay_minor"]
    # 22 December 2026 is a Tuesday; 22 January and 22 February 2027 are working days too.
    assert [each["due_on"] for each in found["payments"]][1:] == [
        "2026-12-22",
        "2027-01-22",
        "2027-02-22",
    ]


def test_one_beyond_them_says_which_and_what_instead(capsys):
    assert simulate("--instalments", "99") == 1
    said = capsys.readouterr().out
    assert "instalments too_large, limit 12" in said
    assert "what may be offered instead" in said


@pytest.mark.parametrize("more", [["--principal", "10.001"], ["--fees", "mucho"]])
def test_what_is_no_amount_is_refused(more, capsys):
    assert simulate(*more) == 2
    assert "refused" in capsys.readouterr().err


def test_a_holiday_moves_a_payment(capsys):
    simulate("--instalments", "1", "--first-on", "2026-12-25", "--json")
    (_, first) = json.loads(capsys.readouterr().out)["payments"]
    assert first["due_on"] == "2026-12-28"  # Christmas is a Friday


def test_new_terms_say_what_becomes_principal(capsys):
    half = ["--discount-interest", "50", "--max-discount-interest", "50"]
    assert simulate("--instalments", "3", "--capitalise", *half, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["capitalised_minor"] == 20_050 - 10_025  # of the interest that is left
    assert found["to_pay_minor"] == 100_000 + found["capitalised_minor"]

    assert simulate("--instalments", "3", "--capitalise", *half) == 0
    assert "of interest and fees 100.25 MXN become principal" in capsys.readouterr().out
    simulate("--instalments", "3", "--json")
    assert json.loads(capsys.readouterr().out)["capitalised_minor"] == 0


@pytest.mark.parametrize("country", ["BR", "CO", "EC"])
def test_where_the_law_forbids_interest_on_interest_it_is_refused(country, capsys):
    assert simulate("--capitalise", "--country", country) == 2
    assert "not_offered" in capsys.readouterr().err
