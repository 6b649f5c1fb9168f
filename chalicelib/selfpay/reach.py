"""How a debtor can be reached, as shown to them: only the ends of numbers and addresses."""

from dataclasses import dataclass

from chalicelib.compliance import packs
from chalicelib.compliance.packs import Layer
from chalicelib.domain.case import CaseFile, ContactKind, ContactPoint
from chalicelib.domain.contact import Channel, ConsentState
from chalicelib.domain.draft_contact import ANY, UNUSABLE, standing_word
from chalicelib.domain.portfolio import Portfolio

BY_PHONE = (Channel.WHATSAPP, Channel.SMS, Channel.CALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    contact_id: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """
    A channel that the debtor is asked about.

    Args:
        on: Whether they may be written to by it; the newest word counts.
    """

    channel: Channel
    on: bool


def points(file: CaseFile) -> tuple[Point, ...]:
    """The debtor's own phones and e-mails that are in use, hidden but for what tells them apart."""
    return tuple(Point(contact_id=one.contact_id, shown=masked(one)) for one in _own(file))


def masked(point: ContactPoint) -> str:
    """
    Show as much of a contact point as its owner needs to know it.

    >>> masked(ContactPoint(contact_id="c", kind=ContactKind.PHONE, value="+525512345678"))
    '•••• 5678'
    >>> masked(ContactPoint(contact_id="c", kind=ContactKind.EMAIL, value="jose.perez@correo.mx"))
    'j•••@correo.mx'
    """
    if point.kind is ContactKind.EMAIL:
        name, _, house = point.value.partition("@")
        return f"{name[:1]}•••@{house}"
    return f"•••• {point.value[-4:]}"


def channels(file: CaseFile, portfolio: Portfolio) -> tuple[Way, ...]:
    """The channels that could be used for this debtor, as the case and the country have them."""
    kinds = {one.kind for one in _own(file)}
    could = [*BY_PHONE] if ContactKind.PHONE in kinds else []
    could += [Channel.EMAIL] if ContactKind.EMAIL in kinds else []
    could += [Channel.LETTER, Channel.VISIT] if file.addresses else []
    closed = set(portfolio.policies.contact.closed_channels)
    try:
        pack = packs.load(
            portfolio.country, regime=portfolio.policies.contact.regime, layer=Layer.STRICT
        )
        closed |= {channel for channel, rule in pack.rules.items() if not rule.allowed}
    except packs.UnknownPack:
        closed.add(Channel.VISIT)
    return tuple(
        Way(channel=channel, on=_on(file, channel)) for channel in could if channel not in closed
    )


def _own(file: CaseFile) -> list[ContactPoint]:
    return [one for one in file.contacts if one.party == "debtor" and one.quality not in UNUSABLE]


def _on(file: CaseFile, channel: Channel) -> bool:
    word = standing_word(file.consents, ANY, channel)
    return word is None or word.state is ConsentState.GIVEN
