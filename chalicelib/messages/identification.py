"""What the law of a country wants a message to say of who writes, for whom, and of what."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from chalicelib.domain.contact import Channel
from chalicelib.domain.portfolio import Identification, Portfolio
from chalicelib.i18n import wording
from chalicelib.messages import formats
from chalicelib.messages.formats import Amount

# The fields that rule packs name (``identification.fields``), and the variables of a template
# that say them; ``identification`` says every one. A call that is recorded is a person's.
SAID_BY: Mapping[str, tuple[str, ...]] = {
    "agency_name": ("agency",),
    "agency_address": (),
    "agency_phone": ("phone",),
    "agent_name": ("agent", "agency"),
    "agent_address": (),
    "agent_phone": ("phone",),
    "agent_authority": (),
    "amount": ("total", "due_amount", "overdue"),
    "amount_total": ("total",),
    "assignment_of_debt": (),
    "calculation_date": ("today",),
    "call_is_recorded": (),
    "capital": ("principal",),
    "collector_name": ("agent", "agency"),
    "complaint_channel": ("complaints",),
    "contract_reference": ("reference", "debts"),
    "creditor_name": ("creditor",),
    "debt_collector_disclosure": (),
    "electronic_opt_out_statement": (),
    "fees": ("fees",),
    "fine": ("moratory",),
    "identifiable_number": ("phone",),
    "interest": ("interest",),
    "obligation_reference": ("reference", "debts"),
    "original_amount": ("principal",),
    "payment_means": ("payment_means", "link"),
    "payment_only_to_creditor_account": ("payment_means",),
    "purpose": (),
    "that_it_is_collection": (),
    "validation_notice_within_5_days": (),
}
# Said in every message; the rest of what a country wants is said at the first contact.
EVERY_TIME = {
    "agent_name",
    "collector_name",
    "creditor_name",
    "debt_collector_disclosure",
    "electronic_opt_out_statement",
    "fees",
    "fine",
    "interest",
    "original_amount",
    "capital",
    "amount_total",
    "that_it_is_collection",
}
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_ONLY_CREDITOR = "payment_only_to_creditor_account"
# Where a portfolio's identification keeps what it has to know to say a field.
KEPT_IN: Mapping[str, str] = {
    "agency_address": "address",
    "agent_address": "address",
    "agency_phone": "phone",
    "agent_phone": "phone",
    "identifiable_number": "phone",
    "complaint_channel": "complaints",
    "payment_means": "payment_means",
    _ONLY_CREDITOR: "payment_means",
}
SPLIT = {"original_amount", "capital", "interest", "fine", "fees"}
# A voice message may be heard by others: it names no amount and no contract.
NOT_ALOUD = SPLIT | {
    "amount",
    "amount_total",
    "calculation_date",
    "contract_reference",
    "obligation_reference",
    "payment_means",
    "payment_only_to_creditor_account",
}


def texts(language: str) -> Mapping[str, str]:
    """The sentences of a language (``i18n/identification.<language>.json``), by what they say."""
    return wording.of("identification", language)


def unidentified(own: Identification, required: Sequence[str]) -> tuple[str, ...]:
    """Name the required fields that a portfolio does not know, in the order they were given."""
    return tuple(
        field for field in required if field in KEPT_IN and not getattr(own, KEPT_IN[field]).strip()
    )


def lacking(portfolio: Portfolio, required: Sequence[str]) -> tuple[str, ...]:
    """
    Name what a portfolio has to state before anybody is written to, as dotted paths of it.

    How to pay and where to ask, without which a message helps nobody, and what the law of the
    country wants said of the sender.
    """
    own = portfolio.identification
    reachable = (portfolio.branding.contact_line, own.phone, own.email)
    missing = ["payment_means"] if not own.payment_means.strip() else []
    missing += [KEPT_IN[field] for field in unidentified(own, required)]
    paths = [f"identification.{name}" for name in dict.fromkeys(missing)]
    if not any(each.strip() for each in reachable):
        paths.append("branding.contact_line")
    return tuple(paths)


def by_channel(
    own: Identification,
    required: Sequence[str],
    *,
    language: str,
    locale: str,
    first_contact: bool,
    said: Mapping[str, str | Amount | date | None],
) -> dict[Channel, str]:
    """
    Write what the law wants said, as one paragraph for each channel.

    E-mails and letters have room for all of it every time. Short messages say all at the first
    contact, with how to stop them, and afterwards only what has to be said each time. A voice
    message says who calls and what for, and nothing that another ear should not hear.

    Args:
        required: The fields that the country's rule pack names.
        said: ``creditor``, ``agency``, ``agent``, ``reference``, ``today`` and the amounts.
    """
    needs = set(required)
    brief = needs if first_contact else needs & EVERY_TIME
    values = _written(said, locale)
    page = _joined(_sentences(needs, own, language, values))
    short = brief | ({"electronic_opt_out_statement"} if first_contact else set())
    message = _joined(_sentences(short, own, language, values))
    aloud = (needs & EVERY_TIME | needs & {"identifiable_number"}) - NOT_ALOUD
    voice = _joined(
        _sentences(aloud - {"electronic_opt_out_statement"}, own, language, values, aloud=True)
    )
    return {
        Channel.EMAIL: page,
        Channel.LETTER: page,
        Channel.WHATSAPP: message,
        Channel.SMS: message,
        Channel.CALL: voice,
    }


def _joined(sentences: Iterable[str]) -> str:
    """A name that ends in a full stop, such as S.A., ends its sentence too."""
    return _TWO_STOPS.sub(".", " ".join(sentences))


def _written(said: Mapping[str, str | Amount | date | None], locale: str) -> dict[str, str]:
    written: dict[str, str] = {}
    for name, value in said.items():
        if isinstance(value, Amount):
            written[name] = formats.amounts(value.currency, locale)(value.minor)
        elif isinstance(value, date):
            written[name] = formats.short(value, locale)
        else:
            written[name] = value or ""
    return written


def _sentences(
    needs: set[str],
    own: Identification,
    language: str,
    values: Mapping[str, str],
    *,
    aloud: bool = False,
) -> Iterator[str]:
    sentences = texts(language)
    who = "alone" if values["agency"] == values["creditor"] else "for"
    # Where the agency has to be named, so that it can be looked up, its register's number helps.
    if "agency_name" in needs and own.registration.strip():
        shown = f"{values['agency']} ({own.registration.strip()})"
        values = {**values, "agency_shown": shown}
    else:
        values = {**values, "agency_shown": values["agency"]}
    yield sentences[f"aloud_{who}" if aloud else who].format_map(values)
    if needs & {"agent_name", "collector_name"} and values["agent"] != values["agency"]:
        yield sentences["agent"].format_map(values)
    yield from _purpose(needs, sentences, values)
    yield from _debt(needs, sentences, values)
    yield from _whereabouts(needs, sentences, own)
    yield from (
        sentences[field]
        for field in ("validation_notice_within_5_days", "electronic_opt_out_statement")
        if field in needs
    )


def _purpose(
    needs: set[str], sentences: Mapping[str, str], values: Mapping[str, str]
) -> Iterator[str]:
    for field in ("debt_collector_disclosure", "that_it_is_collection", "agent_authority"):
        if field in needs:
            yield sentences[field]
    if needs & {"purpose", "assignment_of_debt"}:
        yield sentences["purpose"].format_map(values)


def _debt(
    needs: set[str], sentences: Mapping[str, str], values: Mapping[str, str]
) -> Iterator[str]:
    if needs & {"contract_reference", "obligation_reference"} and values["reference"]:
        yield sentences["reference"].format_map(values)
    if needs & SPLIT:
        yield sentences["split"].format_map(values)
    elif needs & {"amount", "amount_total", "calculation_date"}:
        yield sentences["amount"].format_map(values)


def _whereabouts(
    needs: set[str], sentences: Mapping[str, str], own: Identification
) -> Iterator[str]:
    """Where the sender is and the creditor is paid; what a portfolio does not know is left out."""
    wanted = {
        "address": (needs & {"agency_address", "agent_address"}, own.address),
        "phone": (needs & {"agency_phone", "agent_phone", "identifiable_number"}, own.phone),
        # Brazil's Código de Defesa do Consumidor, art. 42-A
        "creditor_address": (
            needs & {"original_amount"},
            ", ".join(filter(None, (own.creditor_tax_id.strip(), own.creditor_address.strip()))),
        ),
        "payment": (needs & {"payment_means", _ONLY_CREDITOR}, own.payment_means),
        "complaints": (needs & {"complaint_channel"}, own.complaints),
    }
    for name, (needed, value) in wanted.items():
        if needed and value.strip():
            yield sentences[name].format(value=value.strip())
        elif name == "payment" and _ONLY_CREDITOR in needed:
            yield sentences["payment_alone"]
