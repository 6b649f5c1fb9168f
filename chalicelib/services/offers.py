"""Offers that a debtor may take by paying them: those that a message made and that still stand."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain import offers
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Cause
from chalicelib.domain.offer import Offer
from chalicelib.domain.offers import Standing
from chalicelib.domain.portfolio import Portfolio

# Gives what the strategy behind a message offers, by portfolio and cause.
Terms = Callable[[str, Cause], Offer | None]


def made_to(
    file: CaseFile, portfolio: Portfolio, *, terms: Terms, now: datetime
) -> Standing | None:
    """The offer that was made to a debtor and stands today; None when none was, or it lapsed."""
    made = offers.last_made(file)
    if made is None:
        return None
    offer = terms(portfolio.portfolio_id, made.cause)
    found = offers.standing(file, portfolio, offer, now=now)
    return found if found is not None and found.made_by else None
