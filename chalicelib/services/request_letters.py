"""The answer to a request by law as a letter to print, in any of the three languages."""

import hashlib
from datetime import datetime
from typing import Protocol

from chalicelib.compliance import erasure_rules
from chalicelib.domain.data_request import DataRequest
from chalicelib.domain.days import local_day
from chalicelib.domain.erasure import ErasureState
from chalicelib.domain.errors import BadField
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.messages import rights_letter
from chalicelib.services import data_requests, request_pages
from chalicelib.services.data_requests import Means

FOLDER = "data-requests"
LINK_S = 300


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


def take(
    portfolio_id: str,
    request_id: str,
    *,
    language: str,
    actor: Actor,
    means: Means,
    files: Files,
    now: datetime,
) -> str:
    """
    Write the letter of an answered request, and give its address.

    Raises:
        BadField: Nobody has answered it yet.
        DataRequestNotFound: None of this portfolio.
    """
    one, portfolio = data_requests.opened(
        portfolio_id, request_id, actor=actor, means=means, now=now
    )
    if one.answer is None:
        raise BadField(field="answer", reason="not_answered")
    heads = means.cases.heads(dict.fromkeys(one.case_ids))
    name = request_pages.name_of(one, [heads[key] for key in one.case_ids if key in heads])
    body = rights_letter.render(
        one,
        portfolio,
        language,
        name=name,
        today=local_day(now, portfolio.time_zone),
        made_at=now,
        erased=_erased(one, portfolio),
    )
    key = f"{FOLDER}/{portfolio_id}/{request_id}/{hashlib.sha256(body).hexdigest()}.pdf"
    files.write(key, body, content_type="application/pdf")
    return files.link(key, filename=rights_letter.file_name(language, one), expires_s=LINK_S)


# Private


def _erased(one: DataRequest, portfolio: Portfolio) -> rights_letter.Erased | None:
    """What goes and what stays as it was counted when it was decided, of what there was."""
    made = one.erasure
    if made is None or made.state is not ErasureState.DONE:
        return None
    return rights_letter.Erased(
        goes=tuple(code for code, number in made.goes.items() if number),
        stays=tuple(
            (rule.code, rule.why, erasure_rules.article_of(rule, portfolio.country))
            for rule in erasure_rules.stays()
            if rule.code in made.stays
        ),
    )
