"""What proves a case: the creditor's documents, and who took what is held of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chalicelib.domain.creditor_paper import MOST_PAPERS, CreditorPaper, PaperKind
from chalicelib.domain.draft_contact import DraftContact
from chalicelib.domain.draft_erasing import DraftErasing
from chalicelib.domain.errors import BadField, DebtNotFound, PaperEnded, PaperNotFound


class DraftPapers(DraftErasing):
    """A draft on which the creditor's documents lie; see ``domain.draft``."""

    @property
    def papers(self) -> Iterable[CreditorPaper]:
        return self._papers.values()

    def paper(self, paper_id: str) -> CreditorPaper:
        """
        Raises:
            PaperNotFound: Not of this case.
        """
        known = self._papers.get(paper_id)
        if known is None:
            raise PaperNotFound(paper_id=paper_id)
        return known

    def add_paper(self, paper: CreditorPaper, *, reason: str = "") -> bool:
        """
        Put a document beside the case; says whether it was news. The same bytes are there once.

        One that was withdrawn stands again. What it ``replaces`` gives way in the same change.

        Args:
            reason: Why another gives way to it.

        Raises:
            DebtNotFound: It proves a debt that the case does not have.
            PaperNotFound, PaperEnded: What it replaces is not there, or does not stand.
            BadField: There are too many, or it is to replace itself.
        """
        self._alive()
        self._need_debt(paper.debt_id)
        known = self._papers.get(paper.paper_id)
        if known is not None and known.stands:
            if paper.replaces == paper.paper_id:
                raise BadField(field="replaces", reason="same_file")
            return False
        if known is None and len(self._papers) >= MOST_PAPERS:
            raise BadField(field="papers", reason="too_many", most=MOST_PAPERS)
        old = self._standing_paper(paper.replaces) if paper.replaces else None
        self._put_paper(paper)
        facts: dict[str, Any] = {
            "paper_id": paper.paper_id,
            "paper": paper.kind.value,
            "debt_id": paper.debt_id,
            "sha256": paper.sha256,
            "size_bytes": paper.size_bytes,
            "shown": paper.shown,
            "replaces": paper.replaces,
        }
        facts = {name: value for name, value in facts.items() if value != ""}
        self._tell("paper.added", facts, {"name": paper.name})
        if old is not None:
            self._end_paper(old, reason, replaced_by=paper.paper_id)
        return True

    def change_paper(
        self,
        paper_id: str,
        *,
        name: str | None = None,
        kind: PaperKind | None = None,
        debt_id: str | None = None,
        shown: bool | None = None,
    ) -> bool:
        """
        Say anew what a document is; what is None stays. Says whether that was news.

        Raises:
            PaperNotFound, PaperEnded: See ``paper``; it no longer stands.
            DebtNotFound: The case does not have that debt.
        """
        self._alive()
        known = self._standing_paper(paper_id)
        wanted = {"name": name, "kind": kind, "debt_id": debt_id, "shown": shown}
        wanted = {field: value for field, value in wanted.items() if value is not None}
        if debt_id:
            self._need_debt(debt_id)
        changed = replace(known, **wanted)  # type: ignore[arg-type]
        if changed == known:
            return False
        self._put_paper(changed)
        fields = [field for field in wanted if getattr(known, field) != getattr(changed, field)]
        facts = {
            "paper_id": paper_id,
            "paper": changed.kind.value,
            "before": {field: getattr(known, field) for field in fields if field != "name"},
            "after": {field: getattr(changed, field) for field in fields if field != "name"},
        }
        personal = {"name": changed.name, "old_name": known.name} if "name" in fields else {}
        self._tell("paper.changed", facts, personal)
        return True

    def withdraw_paper(self, paper_id: str, reason: str) -> bool:
        """
        Note that a document no longer counts; it stays on file. Says whether that was news.

        Raises:
            PaperNotFound: Not of this case.
        """
        self._alive()
        known = self.paper(paper_id)
        if not known.stands:
            return False
        self._end_paper(known, reason)
        return True

    def erase_paper(self, paper_id: str, reason: str) -> bool:
        """
        Forget a document for good: its name, why it ended, where its file was.

        That there was one, and its digest, stays. Works on a void case, too. Whoever calls
        takes the file away first. Says whether that was news.

        Args:
            reason: Who asked, and how; personal.

        Raises:
            PaperNotFound: Not of this case.
        """
        known = self.paper(paper_id)
        if known.erased:
            return False
        ended = known.ended_at or self._now
        self._put_paper(replace(known, name="", why="", key="", ended_at=ended, erased=True))
        for event in self._events:
            if event.personal and event.facts.get("paper_id") == paper_id:
                self._erase(event)
        self._tell("paper.erased", {"paper_id": paper_id}, {"reason": reason})
        return True

    def file_infected(self, key: str, threats: Iterable[str]) -> bool:
        """Note that a file beside the case holds malware; of a void one, too. Says whether new."""
        known = {one.facts.get("file") for one in self._events if one.kind == "file.infected"}
        if key in known:
            return False
        self._tell("file.infected", {"file": key, "threats": list(threats)}, {})
        return True

    def pack_taken(self, facts: dict[str, Any], reason: str) -> None:
        """Note that somebody took what is held of the case, and why; of a void one, too."""
        self._tell("case.pack_taken", facts, {"reason": reason})

    # Private

    def _standing_paper(self, paper_id: str) -> CreditorPaper:
        known = self.paper(paper_id)
        if not known.stands:
            raise PaperEnded(paper_id=paper_id)
        return known

    def _end_paper(self, known: CreditorPaper, reason: str, *, replaced_by: str = "") -> None:
        self._put_paper(
            replace(
                known,
                ended_at=self._now,
                ended_by=self._actor,
                why=reason,
                replaced_by=replaced_by,
            )
        )
        facts = {"paper_id": known.paper_id, "paper": known.kind.value, "debt_id": known.debt_id}
        kind = "paper.withdrawn"
        if replaced_by:
            facts["replaced_by"], kind = replaced_by, "paper.replaced"
        self._tell(kind, {n: v for n, v in facts.items() if v}, {"reason": reason})

    def _need_debt(self, debt_id: str) -> None:
        debt = self._book.debts.get(debt_id)
        if debt_id and (debt is None or debt.void):
            raise DebtNotFound(debt_id=debt_id)

    def _put_paper(self, paper: CreditorPaper) -> None:
        self._papers[paper.paper_id] = self._put_papers[paper.paper_id] = paper

    def _pass_on(self, into: DraftContact) -> None:
        """They go on where the debts went; here they are history."""
        super()._pass_on(into)
        if not isinstance(into, DraftPapers):
            return
        for paper in list(self._papers.values()):
            if paper.paper_id not in into._papers:
                into._put_paper(paper)
