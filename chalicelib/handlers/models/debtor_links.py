"""Links to a debtor's page."""

from typing import Annotated

from pydantic import Field

from chalicelib.handlers.models import Answer, Body
from chalicelib.handlers.models.common import Instant, Who


class NewLink(Body):
    days: Annotated[int, Field(ge=1, le=90, description="How long it works.")] = 30


class DebtorLink(Answer):
    """A link that a person made; ``works`` until it is over or taken back."""

    link_id: str
    made_at: Instant
    made_by: Who
    until: Instant
    revoked_at: Instant | None
    works: bool


class LinksPage(Answer):
    """Newest first. Every link made before ``revoked_before`` is void, those of messages too."""

    items: list[DebtorLink]
    revoked_before: Instant | None


class MadeLink(LinksPage):
    """``url`` is told once."""

    url: str
