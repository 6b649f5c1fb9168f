"""
The gate: every contact asks here, whoever wants it - a plan, a person, a call screen, a visit.

What is known of the case becomes one question to ``compliance.decision``; the answer is kept
with the attempt as its ruling. Pure: the case is given, the moment too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.compliance import places
from chalicelib.compliance.decision import Attempt as Past
from chalicelib.compliance.decision import Decision, Question, decide
from chalicelib.compliance.packs import Cap, CapKind
from chalicelib.compliance.tightening import Tightening
from chalicelib.domain.case import Address, CaseFile, ContactKind, ContactPoint
from chalicelib.domain.collectable import collectable
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Channel,
    ConsentState,
    Direction,
    HoldReason,
    Ruling,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.draft_contact import ANSWERS, UNUSABLE, standing_word
from chalicelib.domain.portfolio import ContactLimits, Portfolio
from chalicelib.domain.wish import ContactWish

# States of an attempt that took place, or holds its place: what counts under the caps.
COUNTED = frozenset(
    {
        AttemptState.RESERVED,
        AttemptState.SENT,
        AttemptState.DELIVERED,
        AttemptState.READ,
        AttemptState.DONE,
    }
)
CHANNELS_OF = {
    ContactKind.PHONE: (Channel.WHATSAPP, Channel.SMS, Channel.CALL),
    ContactKind.EMAIL: (Channel.EMAIL,),
}
ADDRESS_CHANNELS = (Channel.LETTER, Channel.VISIT)
WORKPLACE = ("work", "trabajo", "oficina", "laboral", "trabalho", "office")
PARTIES = ("debtor", "codebtor", "guarantor")  # whom to try first
ANSWER_WINDOW = timedelta(hours=24)  # as long as WhatsApp's own window for free text
REPLIED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """
    A place where somebody can be reached on a channel.

    Args:
        contact_id: Of the contact point or, for letters and visits, of the address.
        value: Phone, e-mail or address lines.
    """

    contact_id: str
    channel: Channel
    value: str
    party: str
    quality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A reach, and what the gate says of it now."""

    reach: Reach
    ruling: Ruling


def reaches(file: CaseFile, channel: Channel | None = None) -> tuple[Reach, ...]:
    """
    List where the case can be reached, best first: the debtor before a guarantor, what is known
    to be right before what is not, what was allowed in words before what was not.
    """
    found = [reach for reach in _all_reaches(file) if channel in (None, reach.channel)]

    def rank(reach: Reach) -> tuple[int, int, int]:
        word = standing_word(file.consents, reach.contact_id, reach.channel)
        party = PARTIES.index(reach.party) if reach.party in PARTIES else len(PARTIES)
        given = word is not None and word.state is ConsentState.GIVEN
        return (party, not given, reach.quality not in ("valid", "rooftop", "street"))

    return tuple(sorted(found, key=rank))


def rule(
    file: CaseFile,
    portfolio: Portfolio,
    reach: Reach,
    *,
    now: datetime,
    leaving_out: str = "",
) -> Ruling:
    """
    Decide whether the debtor may be contacted there now; if not, why, and from when on.

    Args:
        leaving_out: The attempt that asks, so that it does not count against itself.
    """
    if reach.quality in UNUSABLE:
        code = "WRONG_PERSON" if reach.quality == "wrong_person" else "CONTACT_INVALID"
        return Ruling(at=now, allowed=False, reason_code=code)
    return _ruling(decide(question(file, portfolio, reach, now=now, leaving_out=leaving_out)), now)


def rule_answer(file: CaseFile, portfolio: Portfolio, reach: Reach, *, now: datetime) -> Ruling:
    """
    Decide on an answer to what somebody wrote: it is no collection, and asks for no hour or cap.

    It must answer a message of the last 24 hours from there. After a refusal one last answer
    may confirm it; else an answer is decided on like anything else.
    """
    written = in_window(file, reach, now=now)
    word = standing_word(file.consents, reach.contact_id, reach.channel)
    refused_at = word.at if word and word.state is ConsentState.REFUSED else None
    confirmed = refused_at is not None and any(
        one.direction is Direction.OUT
        and one.channel is reach.channel
        and one.contact_id == reach.contact_id
        and one.state in COUNTED
        and _moment(one) >= refused_at
        for one in file.attempts
    )
    if not written or confirmed or reach.quality in UNUSABLE:
        return rule(file, portfolio, reach, now=now)
    return Ruling(at=now, allowed=True, reason_code="OK", rules="answer", next_allowed_at=now)


def rule_receipt(
    file: CaseFile, portfolio: Portfolio, reach: Reach, *, paid_at: datetime, now: datetime
) -> Ruling:
    """
    Decide on the receipt of a payment, which the debtor has just asked for by paying.

    While that is of the last 24 hours it asks for no hour and no cap, and no hold keeps it back; a
    refusal of the place does, and it goes to the debtor alone. Later, it is like anything else.
    """
    word = standing_word(file.consents, reach.contact_id, reach.channel)
    refused = word is not None and word.state is ConsentState.REFUSED
    just_paid = now - paid_at < ANSWER_WINDOW
    if reach.party != "debtor" or refused or not just_paid or reach.quality in UNUSABLE:
        return rule(file, portfolio, reach, now=now)
    return Ruling(at=now, allowed=True, reason_code="OK", rules="receipt", next_allowed_at=now)


def rule_service(file: CaseFile, portfolio: Portfolio, reach: Reach, *, now: datetime) -> Ruling:
    """
    Decide on a message that asks for nothing, such as whether cash was paid to an agent.

    It keeps the hours and days, and every refusal; caps and pauses are about being asked for money.
    """
    if reach.quality in UNUSABLE or reach.party != "debtor":
        return rule(file, portfolio, reach, now=now)
    asked = question(file, portfolio, reach, now=now)
    answer = decide(replace(asked, history=(), on_hold=False, hold_until=None))
    return _ruling(answer, now)


def may_answer(
    file: CaseFile,
    portfolio: Portfolio,
    *,
    contact_id: str,
    channel: Channel,
    now: datetime,
) -> Ruling:
    """Decide whether whoever wrote from a contact point may be answered there."""
    point = next((p for p in file.contacts if p.contact_id == contact_id), None)
    reach = Reach(
        contact_id=contact_id,
        channel=channel,
        value=point.value if point else "",
        party=point.party if point else "debtor",
        quality=point.quality if point else "unverified",
    )
    return rule_answer(file, portfolio, reach, now=now)


def options(file: CaseFile, portfolio: Portfolio, *, now: datetime) -> tuple[Option, ...]:
    """Ask the gate for every place and channel of a case, as its page shows them."""
    return tuple(
        Option(reach=reach, ruling=rule(file, portfolio, reach, now=now)) for reach in reaches(file)
    )


def in_window(file: CaseFile, reach: Reach, *, now: datetime) -> bool:
    """Say whether somebody wrote from there in the last 24 hours."""
    return any(
        one.direction is Direction.IN
        and one.channel is reach.channel
        and one.contact_id == reach.contact_id
        and now - one.created_at < ANSWER_WINDOW
        for one in file.attempts
    )


def question(
    file: CaseFile,
    portfolio: Portfolio,
    reach: Reach,
    *,
    now: datetime,
    leaving_out: str = "",
) -> Question:
    """Put together all that the decision depends on."""
    limits = portfolio.policies.contact
    today = local_day(now, portfolio.time_zone)
    active = collectable(file, portfolio, today).stopped
    others = [h for h in active if h.reason not in (HoldReason.CEASE, HoldReason.ATTORNEY)]
    ends = [hold.until for hold in others]
    last_day = None if None in ends else max((day for day in ends if day), default=None)
    word = standing_word(file.consents, reach.contact_id, reach.channel)
    refused = word is not None and word.state is ConsentState.REFUSED
    given = word is not None and word.state is ConsentState.GIVEN
    return Question(
        country=portfolio.country,
        subdivision=_subdivision(file, portfolio),
        regime=limits.regime,
        channel=reach.channel,
        moment=now,
        time_zones=time_zones(file, portfolio, reach),
        recipient=reach.party,
        history=tuple(history(file.attempts, leaving_out=leaving_out)),
        authorised_channels=_authorised(limits, reach.channel, given=given, refused=refused),
        visit_authorised=given and reach.channel is Channel.VISIT,
        opted_out=frozenset({reach.channel}) if refused else frozenset(),
        cease_requested=any(hold.reason is HoldReason.CEASE for hold in active),
        has_attorney=any(hold.reason is HoldReason.ATTORNEY for hold in active),
        on_hold=bool(others),
        hold_until=None
        if last_day is None
        else datetime.combine(
            last_day + timedelta(days=1), time.min, ZoneInfo(portfolio.time_zone)
        ).astimezone(UTC),
        at_workplace=_at_workplace(file, reach),
        product=next((debt.product for debt in file.debts if not debt.void), ""),
        tightening=tightening(limits, file.head.wish),
    )


def time_zones(file: CaseFile, portfolio: Portfolio, reach: Reach) -> tuple[str, ...]:
    """
    Say where the debtor may be: what addresses and the phone agree on, else all they say,
    else the portfolio's zone.
    """
    country = portfolio.country
    addresses = [a for a in file.addresses if not a.country or a.country == country]
    if reach.channel in ADDRESS_CHANNELS:
        addresses = [a for a in addresses if a.address_id == reach.contact_id]
    at_home = {zone for address in addresses for zone in _zones_of(address, country)}
    by_phone: Iterable[str] = ()
    if reach.value.startswith("+"):
        by_phone = places.zones_of_phone(country, reach.value)
    return places.together(at_home, by_phone) or (portfolio.time_zone,)


def history(attempts: Iterable[Attempt], *, leaving_out: str = "") -> Iterator[Past]:
    """
    Give what counts under the caps: contacts that took place or are being handed over.

    Answers to what the debtor wrote do not count. A message that was answered on its channel
    was a contact both ways.
    """
    attempts = tuple(attempts)
    heard = [(a.channel, a.created_at) for a in attempts if a.direction is Direction.IN]
    for attempt in attempts:
        if (
            attempt.direction is not Direction.OUT
            or attempt.state not in COUNTED
            or attempt.cause.kind in ANSWERS
            or attempt.attempt_id == leaving_out
        ):
            continue
        at = _moment(attempt)
        replied = any(
            channel is attempt.channel and at <= when <= at + REPLIED_WITHIN
            for channel, when in heard
        )
        outcome = attempt.outcome or ("answered" if replied else "")
        yield Past(channel=attempt.channel, at=at, outcome=outcome)


def tightening(limits: ContactLimits, wish: ContactWish | None = None) -> Tightening:
    """Read a portfolio's own limits, and a debtor's wish, as the decision takes them."""
    return Tightening(
        closed_days=frozenset(limits.closed_days),
        closed_channels=frozenset(limits.closed_channels),
        wish=wish,
        opens_at=time.fromisoformat(limits.opens_at) if limits.opens_at else time.min,
        closes_at=time.fromisoformat(limits.closes_at) if limits.closes_at else time.max,
        caps=tuple(
            Cap(
                cap_id=f"own-{number}",
                kind=CapKind.COUNT,
                channels=frozenset(cap.channels),
                max=cap.most,
                period=cap.period,
                two_way_only=False,
                reason_code="OWN_CAP",
                article="",
            )
            for number, cap in enumerate(limits.caps)
        ),
    )


def _ruling(answer: Decision, now: datetime) -> Ruling:
    return Ruling(
        at=now,
        allowed=answer.allowed,
        reason_code=answer.reason_code,
        article=answer.article,
        rules=answer.rules,
        next_allowed_at=answer.next_allowed_at,
    )


def _all_reaches(file: CaseFile) -> Iterator[Reach]:
    for point in file.contacts:
        fixed = point.detail.startswith("fixed_line")
        for channel in CHANNELS_OF[point.kind]:
            if fixed and channel is not Channel.CALL:
                continue
            yield Reach(
                contact_id=point.contact_id,
                channel=channel,
                value=point.value,
                party=point.party,
                quality=point.quality,
            )
    for address in file.addresses:
        lines = ", ".join(filter(None, (address.lines, address.postal_code, address.city)))
        for channel in ADDRESS_CHANNELS:
            yield Reach(
                contact_id=address.address_id,
                channel=channel,
                value=lines,
                party="debtor",
                quality=address.quality.value,
            )


def _moment(attempt: Attempt) -> datetime:
    decided = attempt.ruling.at if attempt.ruling is not None else None
    return attempt.sent_at or decided or attempt.created_at


def _zones_of(address: Address, country: str) -> frozenset[str]:
    zones: frozenset[str] = frozenset()
    if address.lat is not None and address.lng is not None:
        zones = places.zones_at(country, lat=address.lat, lng=address.lng)
    return zones or places.zones_of_region(country, address.region)


def _subdivision(file: CaseFile, portfolio: Portfolio) -> str:
    """The debtor's subdivision where addresses agree on one; else unknown, which is strictest."""
    found = {
        places.subdivision_of(portfolio.country, address.region)
        for address in file.addresses
        if address.region
    }
    return found.pop() if len(found) == 1 else ""


def _authorised(
    limits: ContactLimits, channel: Channel, *, given: bool, refused: bool
) -> frozenset[Channel] | None:
    attested = frozenset(limits.authorised_channels)
    if given:
        return attested | {channel}
    if refused:
        return attested - {channel}
    return attested or None


def _at_workplace(file: CaseFile, reach: Reach) -> bool:
    point: ContactPoint | None = next(
        (p for p in file.contacts if p.contact_id == reach.contact_id), None
    )
    return point is not None and point.detail.casefold().startswith(WORKPLACE)
