"""What a provider's notification comes to: events, messages, and what was left aside and why."""

from dataclasses import dataclass

from chalicelib.domain.contact import ChannelEvent, Inbound


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAside:
    """
    A part of a notification that changes no case.

    Args:
        reason: Stable code, such as ``account_update.account_deleted`` or ``malformed``.
        notable: Whether somebody who runs the channel should hear of it: a banned number, a
            template that lost its approval.
        subject: What it is about, where it has a name: a template's; never a person's.
    """

    reason: str
    notable: bool = False
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    events: tuple[ChannelEvent, ...] = ()
    inbound: tuple[Inbound, ...] = ()
    aside: tuple[LeftAside, ...] = ()

    def __add__(self, other: "Parsed") -> "Parsed":
        return Parsed(
            events=self.events + other.events,
            inbound=self.inbound + other.inbound,
            aside=self.aside + other.aside,
        )


def aside(reason: str, *, notable: bool = False, subject: str = "") -> Parsed:
    return Parsed(aside=(LeftAside(reason=reason, notable=notable, subject=subject),))
