"""What the stores of questionnaires promise, in dictionaries."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.questionnaire import FormVersion, Questionnaire
from chalicelib.domain.scan import Given, ScanState, Wanted


class MemoryForms:
    """What ``store.forms.FormStore`` promises."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, str], Questionnaire] = {}
        self._versions: dict[tuple[str, str, int], tuple[FormVersion, dict[str, Any]]] = {}

    def get(self, portfolio_id: str, form_id: str) -> Questionnaire | None:
        return self._forms.get((portfolio_id, form_id))

    def all(self, portfolio_id: str) -> list[Questionnaire]:
        return [form for (owner, _), form in sorted(self._forms.items()) if owner == portfolio_id]

    def versions(self, portfolio_id: str, form_id: str) -> list[FormVersion]:
        found = sorted(self._versions.items(), reverse=True)
        return [kept[0] for key, kept in found if key[:2] == (portfolio_id, form_id)]

    def version(
        self, portfolio_id: str, form_id: str, number: int
    ) -> tuple[FormVersion, dict[str, Any]] | None:
        return self._versions.get((portfolio_id, form_id, number))

    def compiled(self, portfolio_id: str, wanted) -> dict[tuple[str, int], dict[str, Any]]:
        found = {each: self.version(portfolio_id, *each) for each in wanted}
        return {each: kept[1] for each, kept in found.items() if kept is not None}

    def save(
        self,
        form: Questionnaire,
        version: FormVersion | None,
        compiled: dict[str, Any] | None,
    ) -> bool:
        key = (form.portfolio_id, form.form_id)
        before = self._forms.get(key)
        if (before.revision if before else 0) != form.revision - 1:
            return before == form
        self._forms[key] = form
        if version is not None and compiled is not None:
            self._versions[*key, version.number] = (version, compiled)
        return True


class MemoryFiles:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def write(self, key: str, body: bytes, *, content_type: str) -> None:
        self.kept[key] = body

    def link(self, key: str, *, filename: str, expires_s: int) -> str:
        return f"https://files.example/{key}?{filename}"

    def given(self, wanted: Sequence[Wanted], *, expires_s: int) -> list[Given]:
        links = [self.link(one.key, filename=one.filename, expires_s=expires_s) for one in wanted]
        return [Given(link, ScanState.OFF) for link in links]
