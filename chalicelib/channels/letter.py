"""Letters: a PDF for a window envelope, left in the bucket for the next batch to print."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.channels import letter_pdf
from chalicelib.domain.contact import NotSent, Outgoing, Receipt

PROVIDER = "print"
FOLDER = "letters"


class Shelf(Protocol):
    """The bucket where letters are kept; what was posted is proof."""

    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...


class LetterSender:
    """
    Args:
        shelf: Where letters are kept.
        now: The clock.
        zone: Gives the time zone of a portfolio, by whose days letters are put together and dated.
    """

    def __init__(
        self, shelf: Shelf, *, now: Callable[[], datetime], zone: Callable[[str], str]
    ) -> None:
        self._shelf, self._now, self._zone = shelf, now, zone

    def send(self, message: Outgoing) -> Receipt:
        """
        Leave the letter, its enclosures and a line for the print list; units are pages.

        Safe to repeat on the same day: the same keys are written again.

        Raises:
            NotSent: ``invalid_recipient``: fewer than two lines of address.
        """
        lines = [line for line in message.content.to.splitlines() if line.strip()]
        if len(lines) < 2:
            raise NotSent("invalid_recipient")
        now = self._now().astimezone(ZoneInfo(self._zone(message.portfolio_id)))
        body, pages = letter_pdf.render(message, made_at=now)
        stem = f"{folder(message.portfolio_id, now)}/{message.message_id}"
        enclosures = []
        for number, (name, media_type, content) in enumerate(message.files, 1):
            key = f"{stem}-{number}-{name}"
            self._shelf.write(key, content, content_type=media_type)
            enclosures.append(key)
        self._shelf.write(f"{stem}.pdf", body, content_type="application/pdf")
        line = {
            "attempt_id": message.message_id,
            "reference": message.reference,
            "to": lines,
            "country": message.country,
            "pages": pages,
            "letter": f"{stem}.pdf",
            "enclosures": enclosures,
        }
        # Last: a list never names a letter that is not there.
        self._shelf.write(f"{stem}.json", json.dumps(line, ensure_ascii=False).encode())
        return Receipt(provider=PROVIDER, provider_id=f"{stem}.pdf", units=pages)


def folder(portfolio_id: str, when: datetime) -> str:
    """Name the folder of a portfolio's letters of one day, by its own clock."""
    return f"{FOLDER}/{portfolio_id}/{when:%Y-%m-%d}"
