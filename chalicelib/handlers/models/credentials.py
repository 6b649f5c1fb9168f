"""What agents show at doors, and what the page behind it says."""

from typing import Annotated

from pydantic import Field

from chalicelib.handlers.models import Answer
from chalicelib.handlers.models.common import Instant


class Credential(Answer):
    """``url`` is on the site itself, for the QR; ``photo`` too, or null."""

    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    url: str
    expires_at: Instant
    photo: str | None


class Bearer(Answer):
    """Who shows the code and for whom; never why."""

    name: str
    photo: str | None
    agencies: list[str]
    creditors: list[str]
    expires_at: Instant
