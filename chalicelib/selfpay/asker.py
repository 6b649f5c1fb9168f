"""Who asks for the money, as the law wants it said and as it can be checked."""

from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages.naming import clean


def build(portfolio: Portfolio) -> tuple[tuple[str, str], ...]:
    """Give (what, value) of the creditor and of who collects for it; empty values stay empty."""
    own = portfolio.identification
    creditor = clean(own.creditor or portfolio.creditor)
    agency = clean(own.agency)
    return (
        ("creditor", creditor),
        ("creditor_tax_id", clean(own.creditor_tax_id)),
        ("creditor_address", clean(own.creditor_address)),
        ("agency", agency if agency != creditor else ""),
        ("registration", clean(own.registration)),
        ("address", clean(own.address)),
        ("phone", clean(own.phone)),
        ("email", clean(own.email)),
        ("payment_means", clean(own.payment_means)),
        ("complaints", clean(own.complaints)),
    )
