"""What a visit can come to, and which questionnaire is asked."""

from dataclasses import replace

import pytest

from chalicelib.domain import defaults as countries
from chalicelib.domain import field
from chalicelib.domain.errors import BadField
from chalicelib.domain.field import Disposition, FieldPolicy, FormUse, Met, Want
from chalicelib.domain.policy_rules import check
from chalicelib.domain.portfolio import COUNTRIES
from chalicelib.services import dispositions
from tests.builders import a_portfolio

LABEL = {"es": "Pagó", "en": "Paid", "pt": "Pagou"}
PAID = Disposition(code="paid", label=LABEL, met=(Met.HOLDER,))
NOBODY = Disposition(code="nobody_home", label=LABEL, met=(Met.NOBODY,))


def with_field(policy: FieldPolicy, country="MX"):
    return a_portfolio(country=country, field=policy)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_starts_with_a_list_that_makes_sense(country):
    listed = field.defaults(country)

    assert list(field.faults(FieldPolicy(dispositions=listed))) == []
    assert {who for each in listed for who in each.met} >= {Met.HOLDER, Met.FAMILY, Met.NOBODY}
    assert {want for each in listed for want in each.wants} >= {Want.PROMISE, Want.DISPUTE}


@pytest.mark.parametrize("country", COUNTRIES)
def test_who_owes_beside_the_debtor_says_what_the_debtor_does_but_signs_for_nobody(country):
    by_code = {each.code: each for each in field.defaults(country)}

    assert by_code["promise"].met == (Met.HOLDER, Met.CODEBTOR)
    with_debtor = [each for each in by_code.values() if Met.HOLDER in each.met]
    assert [each.code for each in with_debtor if Met.CODEBTOR not in each.met] == [
        "agreement_signed"
    ]


@pytest.mark.parametrize(
    ("met", "sound"),
    [((Met.HOLDER,), True), ((Met.HOLDER, Met.CODEBTOR), True), ((Met.HOLDER, Met.FAMILY), False)],
)
def test_only_who_owes_promises(met, sound):
    promise = Disposition(code="promise", label=LABEL, met=met, wants=(Want.PROMISE,))

    assert (list(field.faults(FieldPolicy(dispositions=(promise,)))) == []) is sound


def test_colombia_has_no_result_that_asks_why():
    colombian, mexican = a_portfolio(country="CO"), a_portfolio(country="MX")

    assert "cannot_pay" not in {each.code for each in dispositions.of(colombian)}
    assert "cannot_pay" in {each.code for each in dispositions.of(mexican)}


def test_cash_is_a_result_only_where_agents_may_take_it():
    takes, refuses = a_portfolio(cash_allowed=True), a_portfolio(cash_allowed=False)

    assert "cash_paid" in {each.code for each in dispositions.of(takes)}
    assert "cash_paid" not in {each.code for each in dispositions.of(refuses)}


def test_a_portfolio_with_a_list_of_its_own_has_no_other():
    own = with_field(FieldPolicy(dispositions=(PAID,)))

    assert dispositions.of(own) == (PAID,)


def test_the_questionnaire_that_says_most_is_asked():
    policy = FieldPolicy(
        forms=(
            FormUse(form_id="all"),
            FormUse(form_id="cards", products=("card",)),
            FormUse(form_id="paid", dispositions=("paid",)),
            FormUse(form_id="paid_card", products=("card",), dispositions=("paid",)),
        )
    )
    other = replace(PAID, code="other")

    assert field.form_for(policy, PAID) == "paid"
    assert field.form_for(policy, PAID, "card") == "paid_card"
    assert field.form_for(policy, other, "card") == "cards"
    assert field.form_for(policy, other, "loan") == "all"


def test_where_nobody_opened_only_what_is_meant_for_it_is_asked():
    general = FieldPolicy(forms=(FormUse(form_id="all"),))
    meant = FieldPolicy(forms=(FormUse(form_id="door", dispositions=("nobody_home",)),))

    assert field.form_for(general, NOBODY) is None
    assert field.form_for(meant, NOBODY) == "door"


def test_a_questionnaire_without_a_published_version_is_not_shown():
    policy = FieldPolicy(forms=(FormUse(form_id="a"), FormUse(form_id="b", products=("card",))))

    [drafts] = field.shown(policy, (PAID,), frozenset())
    [ready] = field.shown(policy, (PAID,), frozenset({"a", "b"}))

    assert (drafts["form_id"], drafts["product_forms"]) == (None, {})
    assert (ready["form_id"], ready["product_forms"]) == ("a", {"card": "b"})


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        (FieldPolicy(dispositions=(PAID, PAID)), ("dispositions.1.code", "repeated")),
        (
            FieldPolicy(dispositions=(replace(PAID, label={"es": "Pagó", "en": "Paid"}),)),
            ("dispositions.0.label.pt", "missing"),
        ),
        (FieldPolicy(dispositions=(replace(PAID, met=()),)), ("dispositions.0.met", "missing")),
        (
            FieldPolicy(dispositions=(replace(PAID, code="Pagó ya"),)),
            ("dispositions.0.code", "bad_format"),
        ),
        (
            FieldPolicy(dispositions=(replace(NOBODY, wants=(Want.PROMISE,)),)),
            ("dispositions.0.met", "not_one_of"),
        ),
        (
            FieldPolicy(
                dispositions=(PAID,), forms=(FormUse(form_id="a", dispositions=("gone",)),)
            ),
            ("forms.0.dispositions", "not_one_of"),
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_path(policy, fault):
    with pytest.raises(BadField) as caught:
        check(with_field(policy))

    assert (caught.value.details["field"], caught.value.details["reason"]) == (
        f"policies.field.{fault[0]}",
        fault[1],
    )


def test_new_portfolios_follow_the_country_until_they_say_otherwise():
    assert countries.policies("MX").field == FieldPolicy()
