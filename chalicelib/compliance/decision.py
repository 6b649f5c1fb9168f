"""
The one decision: may this person be contacted, on this channel, at this moment?

The order of the checks is the one the reason is reported in: recipient, cease request, hold,
opt-out, authorisation, hidden number, workplace, banned channel, day and hour, caps. All hours
are the debtor's local time, windows are half-open [start, end).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.compliance import packs
from chalicelib.compliance.calendars import holidays_of
from chalicelib.compliance.packs import Cap, CapKind, ChannelRule, Layer, Pack
from chalicelib.compliance.tightening import Tightening
from chalicelib.domain.contact import Channel

TWO_WAY = frozenset({"answered", "conversation"})
# A year of closed days ends every search; past it the answer is "never by the calendar".
SEARCH_DAYS = 400
SUNDAY, SATURDAY = 6, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """
    An earlier contact, whoever made it.

    Args:
        at: When, aware.
        outcome: ``""`` (sent), ``unanswered``, ``answered`` or ``conversation``.
    """

    channel: Channel
    at: datetime
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """
    Everything the decision depends on.

    Args:
        country: ISO 3166 alpha-2; without a pack the strictest of all packs decides.
        subdivision: ISO 3166-2 part after the dash; empty when unknown.
        time_zones: IANA names the debtor may be in. Several mean all of them must allow;
            none means every zone of the country.
        recipient: ``debtor``, ``codebtor``, ``guarantor``, ``reference``, ``family``...
        history: Contacts with this debtor, any order, any channel.
        authorised_channels: What the debtor authorised; None = not known (refused where the
            law asks for it).
        opted_out: Channels the debtor refused for this number or address.
        hold_until: Contact is on hold up to this moment; ``on_hold`` without it is open-ended.
        employer_forbids: Known to forbid contact at work; None = not known.
    """

    country: str
    channel: Channel
    moment: datetime
    subdivision: str = ""
    regime: str = ""
    time_zones: tuple[str, ...] = ()
    recipient: str = "debtor"
    history: tuple[Attempt, ...] = ()
    authorised_channels: frozenset[Channel] | None = None
    visit_authorised: bool = False
    opted_out: frozenset[Channel] = field(default_factory=frozenset)
    cease_requested: bool = False
    has_attorney: bool = False
    on_hold: bool = False
    hold_until: datetime | None = None
    hidden_caller_id: bool = False
    at_workplace: bool = False
    employer_forbids: bool | None = None
    product: str = ""
    tightening: Tightening = field(default_factory=Tightening)
    layer: Layer = Layer.STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    Args:
        reason_code: ``OK``, or why not.
        article: The article or rule that refuses; empty when allowed.
        rules: Pack and version that decided; kept with the attempt.
        next_allowed_at: The first moment (UTC) at which the same question would be allowed if
            nothing else happened; None when waiting does not help.
    """

    allowed: bool
    reason_code: str
    article: str
    rules: str
    next_allowed_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Refusal:
    reason_code: str
    article: str


def decide(question: Question) -> Decision:
    """
    Decide, and say when it would be allowed.

    Raises:
        ValueError: The moment is naive or a time zone does not exist.
    """
    if question.moment.tzinfo is None:
        raise ValueError("the moment of a contact must be aware")
    rules = _packs_for(question)
    reference = ",".join(pack.reference for pack in rules)
    lasting = next((no for pack in rules for no in _lasting_refusals(question, pack)), None)
    if lasting is not None:
        return Decision(
            allowed=False,
            reason_code=lasting.reason_code,
            article=lasting.article,
            rules=reference,
            next_allowed_at=None,
        )
    refusal = _passing_refusal(question, rules)
    if refusal is None:
        return Decision(
            allowed=True,
            reason_code="OK",
            article="",
            rules=reference,
            next_allowed_at=question.moment.astimezone(UTC),
        )
    return Decision(
        allowed=False,
        reason_code=refusal.reason_code,
        article=refusal.article,
        rules=reference,
        next_allowed_at=_next_allowed(question, rules),
    )


def allowed_until(question: Question) -> datetime:
    """
    Say how long an allowed moment stays allowed if nothing else happens: the end of its window.

    Args:
        question: Of a moment that ``decide`` allows.
    """
    rules = _packs_for(question)
    zones = _zones(question, rules)
    start = question.moment.astimezone(UTC).date() - timedelta(days=1)
    for offset in range(4):
        day = start + timedelta(days=offset)
        ends = {
            _instant(day, time.min, zone) + timedelta(days=1)
            if end == time.max
            else _instant(day, end, zone)
            for zone in zones
            for pack in rules
            for _, end in _windows_of(question, pack, day)
        }
        for moment in sorted(end for end in ends if end > question.moment):
            if _passing_refusal(replace(question, moment=moment), rules) is not None:
                return moment
    return question.moment + timedelta(days=1)  # no window of any law is longer


def _packs_for(question: Question) -> tuple[Pack, ...]:
    try:
        return (
            packs.load(
                question.country,
                subdivision=question.subdivision,
                regime=question.regime,
                layer=question.layer,
            ),
        )
    except packs.UnknownPack:
        return tuple(packs.load(country, layer=Layer.STRICT) for country in packs.countries())


def _zones(question: Question, rules: tuple[Pack, ...]) -> tuple[ZoneInfo, ...]:
    names = question.time_zones
    if not names:
        names = tuple(zone for pack in rules for zone in packs.document(pack.country)["time_zones"])
    return tuple(ZoneInfo(name) for name in dict.fromkeys(names))


def _lasting_refusals(question: Question, pack: Pack) -> Iterator[_Refusal]:
    """What no waiting changes, in the order it is reported."""
    channel = question.channel
    rule = pack.rules[channel]
    refused = pack.refused_recipients.get(question.recipient)
    if refused is None and question.recipient not in pack.allowed_recipients:
        refused = "THIRD_PARTY"
    if refused is not None:
        yield _Refusal(refused, pack.recipients_article)
    if question.has_attorney and question.recipient != "attorney":
        yield _Refusal("REPRESENTED_BY_ATTORNEY", pack.recipients_article)
    if question.cease_requested:
        yield _Refusal("CEASE_REQUEST", pack.opt_out_article)
    if question.on_hold and question.hold_until is None:
        yield _Refusal("ON_HOLD", "")
    if channel in question.opted_out:
        yield _Refusal("OPT_OUT", pack.opt_out_article)
    # A visit has its own, express authorisation: see the exception below.
    if pack.authorisation_required and channel is not Channel.VISIT:
        authorised = question.authorised_channels
        if authorised is None or channel not in authorised:
            yield _Refusal("CHANNEL_NOT_AUTHORIZED", pack.authorisation_article)
    if pack.hidden_caller_id_forbidden and question.hidden_caller_id:
        yield _Refusal("HIDDEN_CALLER_ID", pack.recipients_article)
    if question.at_workplace and _workplace_closed(question, pack):
        yield _Refusal("WORKPLACE", pack.workplace_article)
    if channel in question.tightening.closed_channels:
        yield _Refusal("CHANNEL_CLOSED", "")
    if not rule.allowed and not _excepted(question, rule):
        code = "VISIT_FORBIDDEN" if channel is Channel.VISIT else "CHANNEL_FORBIDDEN"
        yield _Refusal(code, rule.article)


def _workplace_closed(question: Question, pack: Pack) -> bool:
    if pack.workplace == "if_employer_forbids":
        # Work e-mail is read by the employer: closed unless known to be open.
        unknown_closes = question.channel is Channel.EMAIL
        return question.employer_forbids is True or (
            question.employer_forbids is None and unknown_closes
        )
    return pack.workplace == "always"


def _excepted(question: Question, rule: ChannelRule) -> bool:
    return question.visit_authorised and question.product in rule.exception_products


def _passing_refusal(question: Question, rules: tuple[Pack, ...]) -> _Refusal | None:
    """What a later moment may change."""
    if question.hold_until is not None and question.moment < question.hold_until:
        return _Refusal("ON_HOLD", "")
    places = [(pack, zone) for pack in rules for zone in _zones(question, rules)]
    return _first(_hours_refusal(question, *place) for place in places) or _first(
        _caps_refusal(question, *place) for place in places
    )


def _hours_refusal(question: Question, pack: Pack, zone: ZoneInfo) -> _Refusal | None:
    rule = pack.rules[question.channel]
    local = question.moment.astimezone(zone)
    day = local.date()
    windows, closed_code = _law_of(question, pack, day)
    if not windows:
        return _Refusal(closed_code, rule.article)
    clock = local.time()
    if not _open(clock, windows):
        return _Refusal("OUTSIDE_HOURS", rule.article)
    if question.tightening.wish is not None and not _open(
        clock, question.tightening.wished(day, windows)
    ):
        return _Refusal("DEBTOR_HOURS", "")
    return None


def _open(clock: time, windows: tuple[packs.Window, ...]) -> bool:
    return any(start <= clock and (clock < end or end == time.max) for start, end in windows)


def _windows_of(question: Question, pack: Pack, day: date) -> tuple[packs.Window, ...]:
    """Give the open windows of *day*, as far as the debtor wants them."""
    windows, _ = _law_of(question, pack, day)
    return question.tightening.wished(day, windows)


def _law_of(question: Question, pack: Pack, day: date) -> tuple[tuple[packs.Window, ...], str]:
    """Give what law and portfolio leave of *day*, and the reason to report when that is nothing."""
    hours = pack.rules[question.channel].hours
    own = question.tightening
    if day in own.closed_days:
        return (), "HOLIDAY"
    is_holiday = hours.holiday is not None and day in holidays_of(
        pack.holidays, question.subdivision, day.year
    )
    if day.weekday() == SUNDAY and not (hours.sun and is_holiday):
        windows, code = hours.sun, "SUNDAY"
    elif is_holiday:
        windows, code = hours.holiday or (), "HOLIDAY"
    elif day.weekday() == SATURDAY:
        windows, code = hours.sat, "SATURDAY"
    else:
        windows, code = hours.mon_fri, "OUTSIDE_HOURS"
    return own.narrowed(windows), code


def _caps_refusal(question: Question, pack: Pack, zone: ZoneInfo) -> _Refusal | None:
    today = question.moment.astimezone(zone).date()
    # What lies after the moment counts too: planned contacts hold their place.
    past = [(attempt, attempt.at.astimezone(zone).date()) for attempt in question.history]
    for cap in (*pack.caps, *question.tightening.caps):
        if question.channel in cap.channels and _used_up(cap, question.channel, today, past):
            return _Refusal(cap.reason_code, cap.article)
    return None


def _used_up(
    cap: Cap, channel: Channel, today: date, history: Iterable[tuple[Attempt, date]]
) -> bool:
    counted = [
        (attempt, day)
        for attempt, day in history
        if attempt.channel in cap.channels and (not cap.two_way_only or attempt.outcome in TWO_WAY)
    ]
    if cap.kind is CapKind.AFTER_CONVERSATION:
        return any(
            attempt.outcome == "conversation" and abs((today - day).days) < int(cap.period)
            for attempt, day in counted
        )
    if cap.kind is CapKind.MIN_GAP_DAYS:
        return any(abs((today - day).days) < int(cap.period) for _, day in counted)
    near = [attempt for attempt, day in counted if _same_period(str(cap.period), day, today)]
    if cap.kind is CapKind.DISTINCT_CHANNELS:
        return len({attempt.channel for attempt in near} | {channel}) > cap.max
    if cap.kind is CapKind.COUNT_PER_CHANNEL:
        near = [attempt for attempt in near if attempt.channel is channel]
    return len(near) >= cap.max


def _same_period(period: str, day: date, today: date) -> bool:
    if period == "local_day":
        return day == today
    if period == "iso_week":
        return day.isocalendar()[:2] == today.isocalendar()[:2]
    return abs((today - day).days) < 7  # rolling_7d


def _next_allowed(question: Question, rules: tuple[Pack, ...]) -> datetime | None:
    """
    Find the first allowed moment after the question's.

    Allowed time is a union of half-open intervals whose left ends are window starts, local
    midnights (where a cap's period or a closed day ends) or the end of a hold: trying those in
    order finds the first one exactly.
    """
    for candidate in _candidates(question, rules):
        if _passing_refusal(replace(question, moment=candidate), rules) is None:
            return candidate
    return None


def _candidates(question: Question, rules: tuple[Pack, ...]) -> Iterator[datetime]:
    zones = _zones(question, rules)
    first = question.moment
    if question.hold_until is not None and question.hold_until > first:
        first = question.hold_until
        yield first.astimezone(UTC)
    start = first.astimezone(UTC).date() - timedelta(days=1)
    for offset in range(SEARCH_DAYS):
        day = start + timedelta(days=offset)
        starts = {
            _instant(day, clock, zone)
            for zone in zones
            for pack in rules
            for clock in (time.min, *(w[0] for w in _windows_of(question, pack, day)))
        }
        yield from sorted(moment for moment in starts if moment > first)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local clock time; one skipped by a clock change moves forward."""
    moment = datetime.combine(day, clock, zone).astimezone(UTC)
    shown = moment.astimezone(zone)
    if shown.replace(tzinfo=None) != datetime.combine(day, clock):
        # In the gap: zoneinfo answers with the offset before it, which lands after the gap by
        # as much as the clock time lay inside it; the first existing instant is the gap's end.
        before = datetime.combine(day, clock, zone).replace(fold=1).astimezone(UTC)
        return min(moment, before) + _rest_of_gap(min(moment, before), zone)
    return moment


def _rest_of_gap(moment: datetime, zone: ZoneInfo) -> timedelta:
    """Minutes from *moment* to the change of offset that follows it within a day."""
    offset = moment.astimezone(zone).utcoffset()
    for minutes in range(0, 24 * 60):
        if (moment + timedelta(minutes=minutes)).astimezone(zone).utcoffset() != offset:
            return timedelta(minutes=minutes)
    return timedelta()


def _first(refusals: Iterable[_Refusal | None]) -> _Refusal | None:
    return next((refusal for refusal in refusals if refusal is not None), None)
