"""The paper of an agreement says what the law and the debtor need; the letter that it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.agreement import Offer
from chalicelib.domain.agreements import (
    Agreement,
    AgreementKind,
    AgreementState,
    Proof,
    ProofKind,
    terms_digest,
)
from chalicelib.messages import agreement as paper
from chalicelib.services import agreement_offers
from tests.builders import NOW, TODAY, a_case, a_debt, a_portfolio, moratory
from tests.unit.messages.test_statement import words_of

SAID = paper.Paper(
    debtor="José Pérez Ñandú",
    references={a_debt().debt_id: "F-1"},
    today=TODAY,
    code="ABCD-EFGH-JKMN",
    url="https://site.example/verificar/#ABCD-EFGH-JKMN",
)
PROOF = Proof(kind=ProofKind.CODE, reference="otc_1", to="•••5678")


def drawn(portfolio, **values) -> Agreement:
    debt = a_debt(stated_interest_minor=10_000, stated_fees_minor=5_000)
    file = a_case(debt, portfolio=portfolio)
    offer = Offer(instalments=3, discount_interest_ppm=500_000)
    found = agreement_offers.simulate(file, portfolio, offer, now=NOW)
    agreement = agreement_offers.drawn_up(
        file,
        portfolio,
        found,
        agreement_id="agr_1",
        kind=AgreementKind.PLAN,
        by="user:ana",
        now=NOW,
    )
    return replace(agreement, **values)


def signed(portfolio) -> Agreement:
    return drawn(portfolio, state=AgreementState.ACTIVE, signed_at=NOW, proof=PROOF)


def text_of(body: bytes) -> str:
    """What a reader of the PDF finds, as one line."""
    return " ".join(words_of(body).split())


@pytest.mark.parametrize("country", ["MX", "BR", "AR", "CL", "CO", "PE"])
@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_language_has_it_for_every_country(country, language):
    portfolio = a_portfolio(country=country, moratory=moratory())
    body = paper.render(signed(portfolio), SAID, portfolio, language, made_at=NOW)

    assert body.startswith(b"%PDF")
    assert paper.render(signed(portfolio), SAID, portfolio, language, made_at=NOW) == body


def test_it_says_the_split_the_schedule_and_the_consequences():
    portfolio = a_portfolio(moratory=moratory())
    agreement = signed(portfolio)
    text = text_of(paper.render(agreement, SAID, portfolio, "es", made_at=NOW))

    for wanted in (
        "$1,000.00",  # principal
        "Moratorios",
        "CLABE 0123 4567",
        "F-1",
        "5 días después",
        "•••5678",
        terms_digest(agreement)[:20],
        SAID.code,
    ):
        assert wanted in text, wanted
    assert text.count("de 2027") + text.count("de 2026") >= len(agreement.shares)


def test_what_becomes_principal_is_read_before_it_is_signed():
    portfolio = a_portfolio()
    said = replace(SAID, code="", url="")
    new_terms = drawn(portfolio, kind=AgreementKind.RESTRUCTURE, capitalised=True)
    text = text_of(paper.render(new_terms, said, portfolio, "es", made_at=NOW))

    # Half of 100.00 of interest is forgiven; what is left of it and 50.00 of fees are not.
    assert "$100.00 de intereses y gastos pasan a ser capital" in text


def test_a_proposal_says_that_it_binds_nobody():
    portfolio = a_portfolio()
    said = replace(SAID, code="", url="")
    text = text_of(paper.render(drawn(portfolio), said, portfolio, "es", made_at=NOW))

    assert "PROPUESTA" in text
    assert "código" not in text


def test_the_letter_says_that_nothing_is_owed():
    portfolio = a_portfolio()
    done = replace(
        signed(portfolio), state=AgreementState.COMPLETED, ended_at=NOW + timedelta(days=90)
    )
    text = text_of(paper.letter(done, SAID, portfolio, "es", made_at=NOW))

    assert "No se debe nada a Mueblería La Esquina" in text
    assert "F-1" in text


def test_terms_that_differ_have_another_fingerprint():
    portfolio = a_portfolio()
    agreement = drawn(portfolio)

    assert terms_digest(agreement) == terms_digest(replace(agreement, reason="x"))
    assert terms_digest(agreement) != terms_digest(replace(agreement, grace_days=6))
