"""The account statement of a case, for whoever opens it and for what is sent with it."""

from datetime import datetime
from typing import Protocol

from chalicelib.compliance import packs
from chalicelib.domain.case import CaseFile
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import facts, statement
from chalicelib.services.access import STAFF, Portfolios, open_portfolio

LINK_EXPIRES_S = 300


class Cases(Protocol):
    def open(self, case_id: str) -> CaseFile: ...


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def make(
    case_id: str,
    *,
    language: str,
    actor: Actor,
    cases: Cases,
    portfolios: Portfolios,
    files: Files,
    now: datetime,
) -> str:
    """
    Write the statement of a case as of today and give a short-lived address of it.

    Safe to repeat: the same day's is written over.

    Args:
        language: The debtor's; empty = the portfolio's.
    """
    file = cases.open(case_id)
    portfolio = open_portfolio(actor, file.head.portfolio_id, portfolios, *STAFF)
    name, body = pdf(file, portfolio, language=language, now=now)
    key = f"statements/{file.head.portfolio_id}/{case_id}/{name}"
    files.write(key, body, content_type="application/pdf")
    return files.link(key, filename=name, expires_s=LINK_EXPIRES_S)


def pdf(file: CaseFile, portfolio: Portfolio, *, language: str, now: datetime) -> tuple[str, bytes]:
    """Make the statement of a case: a file name that names nobody, and the PDF."""
    known = facts.build(
        file,
        portfolio,
        now=now,
        language=language,
        required=packs.identification(portfolio.country),
        whole=True,
    )
    return statement.file_name(known), statement.render(file, known, made_at=now)
