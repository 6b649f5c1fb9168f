"""What the law of the country, and the creditor by itself, give the debtor: with the article."""

import re
from dataclasses import dataclass, field

from chalicelib.compliance import packs
from chalicelib.compliance.packs import ChannelRule, Hours, Layer, Window
from chalicelib.domain.contact import Channel
from chalicelib.domain.portfolio import Portfolio

# A note of whoever wrote the pack: what stands beside it is no article that gives a right.
_OWN = re.compile(r"caution|conservative|not checked|no rule|\bbill\b|consent \(", re.IGNORECASE)
_NOTE = re.compile(r"\s*\((?![^)]*(?:Ley|Lei|Law|CFR|art))[^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """
    One thing that holds for this debtor.

    Args:
        code: ``hours``, ``never`` (a channel that is closed), ``count``, ``count_per_channel``,
            ``distinct_channels``, ``min_gap_days``, ``after_conversation``, ``others``,
            ``workplace``, ``number_shown``, ``authorised`` or ``not_asked``.
        channels: Which channels it is about; none for all.
        article: Where it is written; empty where the creditor holds to it by itself.
        hours: (kind of day, (opens, closes)...), for ``hours``; ``24:00`` ends a day.
        most: How often, how many or how many days.
        period: ``local_day``, ``iso_week`` or ``rolling_7d``.
    """

    code: str
    channels: tuple[Channel, ...] = ()
    article: str = ""
    hours: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    most: int = 0
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Channels that are open at the same hours by the same article."""

    hours: Hours
    article: str
    channels: list[Channel] = field(default_factory=list)


def build(portfolio: Portfolio) -> tuple[Right, ...]:
    """Give the rights that the rule pack of the portfolio's country and its own limits make."""
    try:
        document = packs.document(portfolio.country)
    except packs.UnknownPack:
        return ()
    regime = portfolio.policies.contact.regime
    strict = packs.load(portfolio.country, regime=regime, layer=Layer.STRICT)
    law = packs.load(portfolio.country, regime=regime, layer=Layer.LAW)
    closed = set(portfolio.policies.contact.closed_channels)
    found = [*_when(strict.rules, law.rules, closed, portfolio), *_often(document, portfolio)]
    found.append(Right(code="others", article=article_of(strict.recipients_article)))
    if strict.workplace != "if_employer_forbids":
        found.append(Right(code="workplace", article=article_of(strict.workplace_article)))
    if strict.hidden_caller_id_forbidden:
        found.append(Right(code="number_shown", article=article_of(strict.recipients_article)))
    if strict.authorisation_required:
        found.append(Right(code="authorised", article=article_of(strict.authorisation_article)))
    reason = document.get("forbidden_questions", {}).get("reason_for_default")
    if reason:
        found.append(Right(code="not_asked", article=article_of(str(reason))))
    return tuple(found)


def article_of(text: str) -> str:
    """
    Keep of a pack's article what names a law; empty where it is no law but care.

    >>> article_of("Ley 2300/2023 art. 6 (visits); calls to the workplace: by caution")
    'Ley 2300/2023 art. 6'
    >>> article_of("conservative default (no rule found)"), article_of("by caution")
    ('', '')
    >>> article_of("Ley 19.496 art. 37 (Ley 21.320)")
    'Ley 19.496 art. 37 (Ley 21.320)'
    """
    kept = [part.strip() for part in text.split(";") if not _OWN.search(part)]
    return "; ".join(_NOTE.sub("", part.partition(": ")[0]) for part in kept if part)


def _when(
    strict: dict[Channel, ChannelRule],
    law: dict[Channel, ChannelRule],
    closed: set[Channel],
    portfolio: Portfolio,
) -> list[Right]:
    groups: list[_Group] = []
    never: dict[str, list[Channel]] = {}
    for channel, rule in strict.items():
        if not rule.allowed or channel in closed:
            article = article_of(rule.article) if not law[channel].allowed else ""
            never.setdefault(article, []).append(channel)
            continue
        # Silence of the law opens every hour; whoever closes some then does it by itself.
        bound = law[channel].hours != packs.ALWAYS
        article = article_of(rule.article) if bound else ""
        same = next((g for g in groups if (g.hours, g.article) == (rule.hours, article)), None)
        if same is None:
            same = _Group(hours=rule.hours, article=article)
            groups.append(same)
        same.channels.append(channel)
    limits = portfolio.policies.contact
    every = len(groups) == 1 and not never
    rights = [
        Right(
            code="hours",
            channels=() if every else tuple(group.channels),
            article=group.article,
            hours=_days(group.hours, limits.opens_at, limits.closes_at),
        )
        for group in groups
    ]
    rights += [
        Right(code="never", channels=tuple(channels), article=article)
        for article, channels in never.items()
    ]
    return rights


def _days(
    hours: Hours, opens: str, closes: str
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    kinds = (("mon_fri", hours.mon_fri), ("sat", hours.sat), ("sun", hours.sun))
    days = [(name, _cut(windows, opens, closes)) for name, windows in kinds]
    if hours.holiday is not None:
        days.append(("holiday", _cut(hours.holiday, opens, closes)))
    return tuple(days)


def _cut(windows: tuple[Window, ...], opens: str, closes: str) -> tuple[tuple[str, str], ...]:
    written = (
        (
            max(f"{start:%H:%M}", opens or "00:00"),
            min("24:00" if end == end.max else f"{end:%H:%M}", closes or "24:00"),
        )
        for start, end in windows
    )
    return tuple((start, end) for start, end in written if start < end)


def _often(document: dict[str, object], portfolio: Portfolio) -> list[Right]:
    raw_caps: list[dict[str, object]] = list(document["caps"])  # type: ignore[call-overload]
    rights = []
    for raw in raw_caps:
        period = raw["period_strict"]
        if period is None:
            continue
        kind = str(raw["kind"])
        days = kind in ("min_gap_days", "after_conversation")
        channels = tuple(Channel(str(one)) for one in raw["channels"])  # type: ignore[attr-defined]
        rights.append(
            Right(
                code=kind,
                channels=() if len(channels) == len(Channel) else channels,
                article=article_of(str(raw["article"])) if raw["period_law"] is not None else "",
                most=int(str(period)) if days else int(str(raw["max"] or 0)),
                period="" if days else str(period),
            )
        )
    rights += [
        Right(
            code="count",
            channels=() if len(cap.channels) == len(Channel) else cap.channels,
            most=cap.most,
            period=cap.period,
        )
        for cap in portfolio.policies.contact.caps
    ]
    return rights
