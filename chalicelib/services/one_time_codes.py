"""
One-time codes: to a contact of the debtor by its channel, read back once.

The code goes out like any message - an attempt of the case, reserved before it is handed over -
but what is kept of its text has no digits: whoever reads the case must not be able to answer in
the debtor's place. Nor does it count under the caps: the debtor asked for it.

``confirm`` asks and sends at once, for somebody who waits; ``ask`` and ``send`` are its halves,
for where the answer must not tell whether there is anybody to send to.
"""

import hmac
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    ConsentState,
    Content,
    Direction,
    NotSent,
    Outgoing,
    Receipt,
    Ruling,
)
from chalicelib.domain.draft import Draft
from chalicelib.domain.draft_contact import UNUSABLE, standing_word
from chalicelib.domain.errors import (
    CaseNotFound,
    CodeNotSent,
    CodeNotValid,
    TooManyAttempts,
)
from chalicelib.domain.ids import derived_id, new_id
from chalicelib.domain.one_time_code import (
    DIGITS,
    LASTS,
    MOST_TRIES,
    CodeProof,
    OneTimeCode,
    digest_of,
)
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.spoken import language_of
from chalicelib.i18n import wording
from chalicelib.messages.formats import amounts, locale_of
from chalicelib.services import casework, contacting
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.contacting import Reach

CHANNELS = (Channel.SMS, Channel.WHATSAPP, Channel.EMAIL)
CAUSE = "code"
OF_A_CASE = ((3, 900), (10, 86_400))  # (most codes, within seconds)
ATTEMPTS = 10
MASKED = "•" * DIGITS


class Codes(Protocol):
    def add(self, code: OneTimeCode) -> None: ...
    def get(self, code_id: str) -> OneTimeCode | None: ...
    def save(self, code: OneTimeCode) -> bool:
        """Write over the version it was read at; False when somebody else has since."""
        ...


class Turns(Protocol):
    def take(self, name: str, *, most: int, within_s: int, now: datetime) -> bool: ...


class Sender(Protocol):
    def send(self, message: Outgoing) -> Receipt: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    Args:
        problem: Told of an error after which nobody knows whether the message went.
        below: A number below another that nobody can guess.
    """

    codes: Codes
    turns: Turns
    cases: Cases
    portfolios: Portfolios
    sender: Callable[[Channel], Sender]
    key: Callable[[], bytes]
    problem: Callable[[Exception], None]
    below: Callable[[int], int] = secrets.randbelow


def confirm(
    case_id: str,
    purpose: str,
    subject: str,
    *,
    by: str,
    means: Means,
    now: datetime,
    amount_minor: int = 0,
) -> OneTimeCode:
    """
    Send a code for something to be confirmed.

    Args:
        purpose: ``agreement`` or ``cash``.
        subject: What exactly is confirmed; ``check`` must be asked with the same.
        by: Who asked, as on the timeline.
        amount_minor: Of the cash; the message names it, so that the debtor confirms that.

    Raises:
        TooManyAttempts: Too many were asked for.
        CodeNotSent: There is nowhere to send it, or nobody took it; details: ``reason``.
    """
    asked = ask(case_id, purpose, subject, by=by, means=means, now=now, amount_minor=amount_minor)
    sent = send(asked.code_id, means=means, now=now)
    if sent is None or sent.problem:
        raise CodeNotSent(reason=sent.problem if sent else "no_contact")
    return sent


def ask(
    case_id: str,
    purpose: str,
    subject: str,
    *,
    by: str,
    means: Means,
    now: datetime,
    apart_from: str = "",
    amount_minor: int = 0,
    counted_as: str = "",
) -> OneTimeCode:
    """
    Note that a code is wanted; ``send`` sends it.

    Args:
        counted_as: Whose codes are counted, where that is not the case.

    Raises:
        TooManyAttempts: Too many were asked for.
    """
    name = f"code#{counted_as or case_id}"
    took = [means.turns.take(name, most=most, within_s=s, now=now) for most, s in OF_A_CASE]
    if not all(took):
        raise TooManyAttempts(retry_after_s=OF_A_CASE[0][1])
    code = OneTimeCode(
        code_id=new_id("otc"),
        case_id=case_id,
        purpose=purpose,
        subject=subject,
        asked_by=by,
        asked_at=now,
        expires_at=now + LASTS,
        apart_from=apart_from,
        amount_minor=amount_minor,
    )
    means.codes.add(code)
    return code


def send(code_id: str, *, means: Means, now: datetime) -> OneTimeCode | None:
    """
    Send a code that was asked for; nothing is sent a second time, however often this is called.

    Returns:
        What became of it, with ``problem`` where it did not go; None when there is none to send.
    """
    code = means.codes.get(code_id)
    if code is None or not code.case_id or code.digest or code.problem or now >= code.expires_at:
        return code
    try:
        file = means.cases.open(code.case_id)
    except CaseNotFound:
        return None
    portfolio = means.portfolios.get(file.head.portfolio_id)
    if portfolio is None or file.head.status is CaseStatus.VOID:
        return None
    problem = "no_contact"
    for reach in _reaches(file, code.apart_from, now=now):
        digits = f"{means.below(10**DIGITS):0{DIGITS}d}"
        taken = replace(
            code,
            digest=digest_of(code.code_id, digits, means.key()),
            channel=reach.channel.value,
            contact_id=reach.contact_id,
        )
        if not means.codes.save(taken):
            return means.codes.get(code_id)  # somebody else sends it
        code = replace(taken, version=taken.version + 1)
        refused = _hand_over(code, digits, file, portfolio, reach, means=means, now=now)
        if not refused:
            return code
        problem = refused
    failed = replace(code, digest="", problem=problem)
    means.codes.save(failed)
    return failed


def check(
    code_id: str,
    given: str,
    *,
    case_id: str,
    purpose: str,
    subject: str,
    means: Means,
    now: datetime,
) -> CodeProof:
    """
    Take a code that was read back; it is good once, and for what it was asked for only.

    Raises:
        CodeNotValid: It is wrong, too old, used, for something else, or tried too often; nothing
            tells which.
    """
    digits = "".join(one for one in given[:40] if one.isdigit())
    for _ in range(ATTEMPTS):
        code = means.codes.get(code_id)
        if (
            code is None
            or not code.digest
            or code.used_at is not None
            or code.tries >= MOST_TRIES
            or now >= code.expires_at
            or (code.case_id, code.purpose, code.subject) != (case_id, purpose, subject)
        ):
            raise CodeNotValid
        right = hmac.compare_digest(code.digest, digest_of(code_id, digits, means.key()))
        tried = replace(code, tries=code.tries + 1, used_at=now if right else None)
        if not means.codes.save(tried):
            continue  # somebody tries at the same moment; every try counts
        if not right:
            raise CodeNotValid
        return CodeProof(code_id=code_id, channel=code.channel, contact_id=code.contact_id, at=now)
    raise CodeNotValid


# Private


def _reaches(file: CaseFile, apart_from: str, *, now: datetime) -> Iterator[Reach]:
    """Where a code may go, best first: to the debtor, and not where messages were refused."""
    unproven = {one.contact_id for one in file.contacts if one.unproven}
    for channel in CHANNELS:
        for reach in contacting.reaches(file, channel):
            word = standing_word(file.consents, reach.contact_id, channel)
            refused = word is not None and word.state is ConsentState.REFUSED
            if (
                reach.party != "debtor"
                or reach.quality in UNUSABLE
                or reach.contact_id in {apart_from, *unproven}
                or refused
            ):
                continue
            if channel is Channel.WHATSAPP and not contacting.in_window(file, reach, now=now):
                continue  # free text goes out in its window only
            yield reach


def _hand_over(
    code: OneTimeCode,
    digits: str,
    file: CaseFile,
    portfolio: Portfolio,
    reach: Reach,
    *,
    means: Means,
    now: datetime,
) -> str:
    """Send the digits as an attempt of the case; gives why not, empty if it may have gone."""
    key = derived_id("att", code.code_id, reach.channel.value, reach.contact_id)
    attempt = Attempt(
        attempt_id=key,
        channel=reach.channel,
        direction=Direction.OUT,
        state=AttemptState.PLANNED,
        cause=Cause(kind=CAUSE, step=code.purpose, by=code.asked_by),
        created_at=now,
        contact_id=reach.contact_id,
        party=reach.party,
    )
    kept = _content(MASKED, code, file, portfolio, reach)

    def reserve(draft: Draft) -> None:
        draft.plan(attempt)
        draft.reserve(
            key,
            ruling=Ruling(at=now, allowed=True, reason_code="OK", rules="asked_for"),
            content=kept,
            contact_id=reach.contact_id,
            party=reach.party,
        )

    _commit(code.case_id, reserve, means=means, now=now)
    message = Outgoing(
        message_id=key,
        reference=f"{code.case_id}:{key}",
        portfolio_id=portfolio.portfolio_id,
        channel=reach.channel,
        content=_content(digits, code, file, portfolio, reach),
        country=portfolio.country,
    )
    try:
        receipt = means.sender(reach.channel).send(message)
    except NotSent as refusal:
        reason = refusal.code
        _commit(code.case_id, lambda draft: draft.failed(key, reason), means=means, now=now)
        return reason
    except Exception as error:
        means.problem(error)  # it may have gone: it stays reserved
        return ""
    _commit(
        code.case_id,
        lambda draft: draft.sent(key, provider=receipt.provider, provider_id=receipt.provider_id),
        means=means,
        now=now,
    )
    return ""


def _commit(case_id: str, do: Callable[[Draft], object], *, means: Means, now: datetime) -> None:
    def note(draft: Draft, _: CaseFile, __: Portfolio) -> None:
        do(draft)

    casework.change_by_machine(
        case_id,
        note,
        cases=means.cases,
        portfolios=means.portfolios,
        now=now,
    )


def _content(
    digits: str, code: OneTimeCode, file: CaseFile, portfolio: Portfolio, reach: Reach
) -> Content:
    language = language_of(file, portfolio)
    words = wording.of("one_time_code", language)
    brand = portfolio.branding.display_name or portfolio.creditor
    amount = amounts(file.head.currency, locale_of(language, portfolio.country))
    return Content(
        to=reach.value,
        text=words[code.purpose].format(
            code=digits,
            brand=brand,
            amount=amount(code.amount_minor),
            minutes=LASTS.seconds // 60,
        ),
        subject=words["subject"].format(brand=brand) if reach.channel is Channel.EMAIL else "",
        language=language,
    )
