"""Which links to a debtor's page were made by hand, and which no longer work."""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.debtor_link import DebtorLink

MOST_KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLink:
    """A link that a person made on the panel; the token itself is not kept."""

    link_id: str
    made_at: datetime
    made_by: str
    until: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksOfCase:
    """
    Args:
        revoked_before: Every link made before it is void, those of messages too, and every
            session that began before it is over.
        made: The last ones made by hand, oldest first.
    """

    version: int = 0
    revoked_before: datetime | None = None
    made: tuple[MadeLink, ...] = ()

    def works(self, link: DebtorLink, now: datetime) -> bool:
        """Say whether a link that is ours may still be opened."""
        if now >= link.until or self.is_revoked(link.link_id):
            return False
        return self.revoked_before is None or link.made_at > self.revoked_before

    def lets_in(self, began_at: datetime, link_id: str) -> bool:
        """Say whether a session that began then, by that link, may go on."""
        if link_id and self.is_revoked(link_id):
            return False
        return self.revoked_before is None or began_at > self.revoked_before

    def is_revoked(self, link_id: str) -> bool:
        return any(one.link_id == link_id and one.revoked_at for one in self.made)

    def with_made(self, link: MadeLink) -> "LinksOfCase":
        kept = (*self.made, link)[-MOST_KEPT:]
        return replace(self, version=self.version + 1, made=kept)

    def with_revoked(self, link_id: str, at: datetime) -> "LinksOfCase":
        made = tuple(
            replace(one, revoked_at=at) if one.link_id == link_id and not one.revoked_at else one
            for one in self.made
        )
        return replace(self, version=self.version + 1, made=made)

    def with_all_revoked(self, at: datetime) -> "LinksOfCase":
        made = tuple(replace(one, revoked_at=one.revoked_at or at) for one in self.made)
        return replace(self, version=self.version + 1, revoked_before=at, made=made)
