"""A message written for one reach of a case."""

import pytest

from chalicelib.domain.bank_references import EXAMPLE, NOWHERE
from chalicelib.domain.contact import Channel
from chalicelib.messages.facts import Links
from chalicelib.messages.template import Stage, Template
from chalicelib.services import contacting, writing
from tests.builders import NOW, a_case, a_portfolio


class One:
    """A single text for everything."""

    def __init__(self, body):
        self.body = body

    def find(self, portfolio_id, template_id, channel, language):
        return Template(
            template_id=template_id, channel=channel, language=language, stage=Stage.FIRM,
            body=self.body,
        )  # fmt: skip


@pytest.fixture
def wrote():
    portfolio = a_portfolio()
    asked = []

    def write(body, at=EXAMPLE):
        file = a_case(portfolio=portfolio)
        reach = contacting.Reach(
            contact_id="con_1", channel=Channel.SMS, value="+525511112222", party="debtor",
            quality="valid",
        )  # fmt: skip

        def pay_to(file):
            asked.append(file.head.case_id)
            return at

        written = writing.write(
            file, portfolio, reach, template_id="t", templates=One(body), links=Links(),
            offer=None, now=NOW, pay_to=pay_to,
        )  # fmt: skip
        return written.content.text

    write.asked = asked
    return write


def test_a_reminder_says_where_to_pay(wrote):
    said = wrote(
        "Pague: {{ bank }} {{ clabe }}{% if cash_reference %} o {{ cash_where }}{% endif %}"
    )

    assert said == f"Pague: STP {EXAMPLE.clabe} o OXXO, 7-Eleven"


def test_a_text_that_says_no_number_asks_for_none(wrote):
    wrote("Debe {{ total }}.")

    assert wrote.asked == []


def test_a_number_that_there_is_not_is_no_hole(wrote):
    with pytest.raises(writing.NotWritten) as refused:
        wrote("CLABE {{ clabe }}", NOWHERE)

    assert refused.value.code == "fact_missing"
    assert wrote("Hola{% if clabe %} {{ clabe }}{% endif %}.", NOWHERE) == "Hola."
