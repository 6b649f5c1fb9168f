"""Texts of messages in memory; what ``store.templates.TemplateStore`` promises."""

from chalicelib.messages.template import OwnTemplate


class MemoryTemplates:
    """What ``store.templates.TemplateStore`` promises, in a dictionary; remembers nothing old."""

    def __init__(self) -> None:
        self._versions: dict[tuple[str, str], list[OwnTemplate]] = {}

    def get(self, portfolio_id: str, key: str) -> OwnTemplate | None:
        kept = self._versions.get((portfolio_id, key))
        return kept[-1] if kept else None

    def all(self, portfolio_id: str) -> list[OwnTemplate]:
        kept = sorted(self._versions.items())
        return [versions[-1] for (owner, _), versions in kept if owner == portfolio_id]

    def remembered(self, portfolio_id: str) -> dict[str, OwnTemplate]:
        return {each.key: each for each in self.all(portfolio_id)}

    def versions(self, portfolio_id: str, key: str) -> list[OwnTemplate]:
        return self._versions.get((portfolio_id, key), [])[::-1]

    def save(self, own: OwnTemplate) -> bool:
        kept = self._versions.setdefault((own.portfolio_id, own.key), [])
        if own.version != len(kept) + 1:
            return own in kept[-1:]
        kept.append(own)
        return True
