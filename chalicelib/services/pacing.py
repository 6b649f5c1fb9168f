"""
How fast messages are handed to providers: by all workers together, no faster than each allows.

A provider counts by the identity that sends. For each a row tells when the next message may go;
whoever takes a place there moves it on by one message's time (the generic cell rate algorithm,
ITU-T I.371). A place a few minutes ahead is kept for the message; beyond, it asks again later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.contact import Channel
from chalicelib.domain.ids import share_of
from chalicelib.domain.pacing import Turn

PACED = "PACED"  # why a message waits that might go
AT_ONCE = timedelta(seconds=1)  # a second's messages may go together
# A queue holds a message back for 15 minutes at most, and the outbox lets it be so long
# (``dispatch.LEASE``).
MOST_AHEAD = timedelta(minutes=8)
# A place that was kept is good for this long after its moment.
LATE = timedelta(minutes=3)
SPREAD = timedelta(minutes=30)  # of those that found no place


class Paces(Protocol):
    """``store.paces.PaceStore``."""

    def take(self, lane: str, *, step: timedelta, now: datetime, most_ahead: timedelta) -> Turn: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacer:
    """
    Args:
        rates: Messages a second, of SMS parts a second, by channel; a channel without has no limit.
        senders: The identity that sends on a channel, by country, ``*`` for others; channels that
            are not there send with one.
    """

    rates: Mapping[str, float]
    senders: Mapping[Channel, Mapping[str, str]]
    paces: Paces

    def wait(
        self, channel: Channel, country: str, units: int, key: str, now: datetime
    ) -> Turn | None:
        """
        Take a place for a message, or say when to ask again; None: it goes now.

        Args:
            units: What the provider counts it as: parts of an SMS, one of all else.
            key: The message's id, by which those that ask again do not all come at once.
        """
        rate = self.rates.get(channel.value, 0)
        if rate <= 0:
            return None
        step = timedelta(seconds=max(units, 1) / rate)
        lane = self._lane(channel, country)
        turn = self.paces.take(lane, step=step, now=now, most_ahead=MOST_AHEAD)
        if not turn.kept:
            return Turn(turn.at + SPREAD * share_of(key), False)
        return turn if turn.at - now > AT_ONCE else None

    def _lane(self, channel: Channel, country: str) -> str:
        by_country = self.senders.get(channel, {})
        return f"{channel.value}#{by_country.get(country) or by_country.get('*', '')}"
