"""The pack of a case as a PDF to read: debts, ledger, messages, files, timeline with hashes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chalicelib.domain.money import DECIMALS
from chalicelib.i18n import wording
from chalicelib.messages.paper import latin, paper_of

if TYPE_CHECKING:
    from fpdf import FPDF

_MARGIN = 15
# What a reader turns the pages of; the JSON beside it holds every line.
MOST_LINES = 1_000


def render(
    content: Mapping[str, Any], *, language: str, country: str, zone: str, made_at: datetime
) -> bytes:
    """
    Lay out a pack. The same content gives the same bytes.

    Args:
        content: As ``services.case_packs`` makes it.
        zone: In which moments are written.
    """
    words, at = wording.of("pack", language), _clock(zone)
    pdf = _document(country, words)
    pdf.set_creation_date(made_at)
    pdf.add_page()
    case, portfolio = content["case"], content["portfolio"]

    def money(minor: int) -> str:
        places = DECIMALS.get(portfolio["currency"], 2)
        return f"{minor / 10**places:,.{places}f} {portfolio['currency']}"

    debts = {one["debt_id"]: one["external_id"] for one in content["debts"]}
    _title(pdf, words[content["purpose"]])
    _pairs(
        pdf,
        (
            (words["creditor"], portfolio["creditor"]),
            (words["agency"], portfolio["agency"]),
            (words["debtor"], " · ".join(filter(None, (case["name"], case["tax_id"])))),
            (words["case"], case["case_id"]),
            (words["balance"], money(case["balance_minor"])),
            (words["made_at"], at(content["made_at"])),
            (words["head"], f"{content['chain']['seq']} · {content['chain']['hash']}"),
        ),
    )
    _lines(
        pdf,
        words,
        "contacts",
        (
            (one.get("value") or ", ".join(filter(None, (one["lines"], one["city"]))), "")
            for one in (*content["contacts"], *content["addresses"])
        ),
    )
    _lines(
        pdf,
        words,
        "debts",
        (
            (f"{one['external_id']} · {one['product']}", f"{words['due']} {one['due_on']}")
            for one in content["debts"]
        ),
    )
    _lines(
        pdf,
        words,
        "ledger",
        (
            (
                f"{one['effective_on']} · {words.get('entry.' + one['kind'], one['kind'])} · "
                f"{debts.get(one['debt_id'], '')} · {money(one['amount_minor'])}",
                one.get("reference") or "",
            )
            for one in content["entries"]
        ),
    )
    _lines(pdf, words, "messages", (_message(one, words, at) for one in content["attempts"]))
    _lines(
        pdf,
        words,
        "files",
        ((f"{one['name']} · {one['size_bytes']:,} B", one["sha256"]) for one in content["files"]),
    )
    _lines(
        pdf,
        words,
        "timeline",
        (
            (
                f"{one['seq']} · {at(one['at'])} · {one['kind']} · {one['actor']}",
                "\n".join((*(f"{n}: {v}" for n, v in one["personal"].items()), one["hash"])),
            )
            for one in content["events"]
        ),
    )
    _text(pdf, words["explained"])
    return bytes(pdf.output())


def _message(one: Mapping[str, Any], words: Mapping[str, str], at: Any) -> tuple[str, str]:
    ruling, said = one["ruling"], one["content"]
    when = at(one["sent_at"] or one["created_at"])
    first = f"{when} · {one['channel']} · {words[one['direction']]} · {one['state']}"
    decided = ""
    if ruling:
        why = "allowed" if ruling["allowed"] else "denied"
        decided = " · ".join(filter(None, (words[why], ruling["reason_code"], ruling["article"])))
    return first, "\n".join(filter(None, (decided, said["text"] if said else "")))


def _clock(zone: str) -> Any:
    place = ZoneInfo(zone)

    def written(text: str) -> str:
        return f"{datetime.fromisoformat(text).astimezone(place):%Y-%m-%d %H:%M:%S %z}"

    return written


def _document(country: str, words: Mapping[str, str]) -> "FPDF":
    from fpdf import FPDF

    class Document(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("helvetica", "", 8)
            self.cell(0, 5, latin(f"{self.page_no()} / {{nb}}"), align="R")

    pdf = Document(format=paper_of(country))
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_title(latin(words["evidence"]))
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.set_auto_page_break(auto=True, margin=16)
    return pdf


def _title(pdf: "FPDF", text: str, size: int = 16) -> None:
    pdf.set_font("helvetica", "B", size)
    pdf.multi_cell(0, size / 1.8, latin(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _text(pdf: "FPDF", text: str, size: float = 9) -> None:
    pdf.set_font("helvetica", "", size)
    pdf.multi_cell(0, size / 2, latin(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _pairs(pdf: "FPDF", pairs: Iterable[tuple[str, str]]) -> None:
    for name, value in pairs:
        if value:
            _text(pdf, f"{name}: {value}", 10)


def _lines(
    pdf: "FPDF", words: Mapping[str, str], name: str, lines: Iterable[tuple[str, str]]
) -> None:
    every: Sequence[tuple[str, str]] = list(lines)
    if not every:
        return
    pdf.ln(4)
    _title(pdf, f"{words[name]} ({len(every)})", 12)
    for first, more in every[:MOST_LINES]:
        _text(pdf, first)
        if more:
            pdf.set_text_color(90)
            _text(pdf, more, 7.5)
            pdf.set_text_color(0)
        pdf.ln(1)
    if len(every) > MOST_LINES:
        _text(pdf, words["more"].format(n=len(every) - MOST_LINES))
