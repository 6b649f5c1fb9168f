"""What a portfolio knows of its good hours, since when, and who uses it: as its page shows it."""

from typing import Any, Protocol

from chalicelib.domain.good_hours import GoodHours
from chalicelib.domain.people import Actor
from chalicelib.domain.plain import to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.priority import Factor
from chalicelib.services.access import MANAGERS, need_portfolio
from chalicelib.services.hours_made import KEY
from chalicelib.services.portfolios import Portfolios
from chalicelib.services.portfolios import get as portfolio_of

SHOWN = 3  # best hours of a channel


class HoursKept(Protocol):
    def get(self, portfolio_id: str, key: str) -> GoodHours | None: ...


def shown(
    portfolio_id: str, *, actor: Actor, portfolios: Portfolios, kept: HoursKept
) -> dict[str, Any]:
    """
    Lay out what was learned, channel by channel, and what it is used for.

    Raises:
        PortfolioNotFound: None that the actor may see.
        NotAllowed: The actor is neither supervisor nor admin.
    """
    need_portfolio(actor, portfolio_id, *MANAGERS)
    portfolio = portfolio_of(portfolio_id, actor=actor, portfolios=portfolios)
    known = kept.get(portfolio_id, KEY)
    return {
        "learned": None if known is None else _learned(known),
        "used": _used(portfolio),
    }


def _learned(known: GoodHours) -> dict[str, Any]:
    return {
        "since": to_plain(known.since),
        "made_at": to_plain(known.made_at),
        "from": known.first.isoformat(),
        "to": known.last.isoformat(),
        "days": known.days,
        "channels": [_channel(known, one) for one in sorted({g.channel for g in known.groups})],
    }


def _channel(known: GoodHours, channel: str) -> dict[str, Any]:
    groups = [one for one in known.groups if one.channel == channel]
    wide = next((one for one in groups if not one.zone), None)
    return {
        "channel": channel,
        "tries": wide.tries if wide else 0,
        "direct": wide.direct if wide else 0,
        "best": [
            {"weekday": weekday, "hour": hour}
            for weekday, hour in (wide.best(SHOWN) if wide else ())
        ],
        "zones": sum(bool(one.zone) and not one.segment for one in groups),
        "segments": sum(bool(one.segment) for one in groups),
    }


def _used(portfolio: Portfolio) -> dict[str, Any]:
    policies = portfolio.policies
    return {
        "queue": policies.queue.weight(Factor.GOOD_HOUR),
        "messages": policies.best_hour,
    }
