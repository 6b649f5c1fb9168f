"""In which language a debtor is written to."""

from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import AttemptState
from chalicelib.domain.portfolio import Portfolio

LANGUAGES = ("es", "en", "pt")


def language_of(file: CaseFile, portfolio: Portfolio) -> str:
    """
    Say which language to write in: the one somebody noted on the case, else the one in which
    the debtor last wrote, else the portfolio's.
    """
    if file.head.language in LANGUAGES:
        return str(file.head.language)
    wrote = [
        one
        for one in file.attempts
        if one.state is AttemptState.RECEIVED
        and one.party == "debtor"
        and one.content is not None
        and one.content.language in LANGUAGES
    ]
    last = max(wrote, key=lambda one: one.created_at, default=None)
    return last.content.language if last is not None and last.content else portfolio.language
