"""Cases committed for a contract's test, and what is done to them."""

from tests.builders import NOW, TODAY, a_debt, change_of, reopened


def debt(portfolio, external_id, **values):
    return a_debt(external_id, portfolio.portfolio_id, **values)


def do(stores, file, *steps, now=NOW):
    draft = reopened(file, stores.portfolio, now=now)
    for step in steps:
        step(draft)
    change = change_of(draft)
    stores.cases.commit(change)
    return change


def pays(amount, reference="r-1", paid_on=TODAY):
    return lambda draft: draft.pay(amount, paid_on=paid_on, source="manual", reference=reference)
