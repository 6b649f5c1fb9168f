"""The debtor's rights: a law is named only where the pack found one."""

from dataclasses import replace

import pytest

from chalicelib.compliance import packs
from chalicelib.domain.contact import Channel
from chalicelib.domain.portfolio import ContactCap, ContactLimits
from chalicelib.selfpay import rights
from chalicelib.selfpay.rights import Right
from tests.builders import a_portfolio


def of(country: str, **limits: object) -> dict[str, Right]:
    portfolio = a_portfolio(country=country)
    contact = ContactLimits(**limits)  # type: ignore[arg-type]
    policies = replace(portfolio.policies, contact=contact)
    return {one.code: one for one in rights.build(replace(portfolio, policies=policies))}


def test_colombia_gives_hours_a_limit_no_visits_and_no_question_why() -> None:
    found = of("CO")
    assert found["hours"].article == "Ley 2300/2023 art. 3"
    assert dict(found["hours"].hours)["sun"] == ()
    assert dict(found["hours"].hours)["sat"] == (("08:00", "15:00"),)
    assert found["never"].channels == (Channel.VISIT,)
    assert found["never"].article == "Ley 2300/2023 art. 6"
    assert found["not_asked"].article == "Ley 2300/2023 art. 7"
    assert found["authorised"].article == "Ley 2300/2023 art. 2"


def test_what_no_law_says_is_the_creditors_own_rule() -> None:
    found = of("CR")
    assert [one.article for one in found.values()] == [""] * len(found)
    assert of("MX")["count"].article == ""


@pytest.mark.parametrize("country", packs.countries())
def test_no_note_of_whoever_wrote_the_pack_reaches_the_debtor(country: str) -> None:
    for right in rights.build(a_portfolio(country=country)):
        for word in ("caution", "conservative", "checked", "no rule", "default", "visits"):
            assert word not in right.article.lower(), right


def test_a_portfolio_that_is_tighter_says_so() -> None:
    found = of(
        "MX",
        opens_at="09:00",
        closes_at="18:00",
        closed_channels=(Channel.VISIT,),
        caps=(ContactCap(channels=(Channel.SMS,), most=1, period="iso_week"),),
    )
    assert dict(found["hours"].hours)["mon_fri"] == (("09:00", "18:00"),)
    assert (found["never"].channels, found["never"].article) == ((Channel.VISIT,), "")
    assert (found["count"].channels, found["count"].most) == ((Channel.SMS,), 1)
