"""Reports that people keep, in the work table: ``P#<portfolio>`` / ``REPORT#<id>``."""

from chalicelib.domain.saved_report import ReportState, SavedReport
from chalicelib.store.documents import Documents
from chalicelib.store.wire import Wire


class SavedReportStore:
    def __init__(self, wire: Wire, table: str) -> None:
        self._documents = Documents(wire, table, SavedReport, name="REPORT", key="report_id")

    def add(self, report: SavedReport) -> bool:
        return self._documents.add(report)

    def get(self, portfolio_id: str, report_id: str) -> SavedReport | None:
        return self._documents.get(portfolio_id, report_id)

    def save(self, report: SavedReport) -> SavedReport | None:
        return self._documents.save(report)

    def kept(
        self, portfolio_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[SavedReport], str | None]:
        return self._documents.page(
            portfolio_id, limit=limit, cursor=cursor, state=ReportState.KEPT.value
        )
