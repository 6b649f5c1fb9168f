"""When a visit to an address is allowed: the contact decision of a moment and of a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.compliance.decision import allowed_until
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel, Ruling
from chalicelib.domain.days import local_day
from chalicelib.domain.errors import AddressNotFound
from chalicelib.domain.portfolio import Portfolio
from chalicelib.services import contacting


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """
    Args:
        ruling: The decision at the moment it was asked for.
        until: When the window ends that is open then, or that opens next; None when none does.
    """

    ruling: Ruling
    until: datetime | None

    @property
    def opens(self) -> datetime | None:
        """When a visit may begin at the earliest."""
        return self.ruling.next_allowed_at


def window(
    file: CaseFile,
    portfolio: Portfolio,
    address_id: str,
    *,
    now: datetime,
    leaving_out: str = "",
) -> Window:
    """
    Decide on a visit at *now*, and say until when that or the next allowed time lasts.

    Args:
        leaving_out: An attempt that is not to count against the visit.

    Raises:
        AddressNotFound: Not of this case.
    """
    reach = next(
        (one for one in contacting.reaches(file, Channel.VISIT) if one.contact_id == address_id),
        None,
    )
    if reach is None:
        raise AddressNotFound(address_id=address_id)
    ruling = contacting.rule(file, portfolio, reach, now=now, leaving_out=leaving_out)
    if ruling.next_allowed_at is None:
        return Window(ruling=ruling, until=None)
    asked = contacting.question(
        file, portfolio, reach, now=ruling.next_allowed_at, leaving_out=leaving_out
    )
    return Window(ruling=ruling, until=allowed_until(asked))


def window_of_day(
    file: CaseFile, portfolio: Portfolio, address_id: str, day: date, *, now: datetime
) -> Window | None:
    """
    Give the first window on a day of the portfolio's calendar, from now on if that is today.

    Returns:
        None when a visit is not allowed at any time of it.

    Raises:
        AddressNotFound: Not of this case.
    """
    found = window(file, portfolio, address_id, now=max(now, midnight(portfolio, day)))
    opens = found.opens
    return found if opens is not None and local_day(opens, portfolio.time_zone) == day else None


def seconds_of_day(found: Window, portfolio: Portfolio, day: date) -> tuple[int, int]:
    """Give a window of a day as seconds after the portfolio's midnight, cut to the day."""
    start = midnight(portfolio, day)
    opens, until = found.opens or start, found.until or start
    whole = int((midnight(portfolio, day + timedelta(days=1)) - start).total_seconds())
    return (
        max(0, int((opens - start).total_seconds())),
        min(whole, int((until - start).total_seconds())),
    )


def midnight(portfolio: Portfolio, day: date) -> datetime:
    """The first moment of a day of the portfolio's calendar, UTC."""
    return datetime.combine(day, time.min, ZoneInfo(portfolio.time_zone)).astimezone(UTC)


def refusal(
    file: CaseFile, portfolio: Portfolio, address_id: str, day: date, *, now: datetime
) -> Ruling:
    """Give the decision that keeps a visit off a day, as it stands at its first moment."""
    return window(file, portfolio, address_id, now=max(now, midnight(portfolio, day))).ruling
