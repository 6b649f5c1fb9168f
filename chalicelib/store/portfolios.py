"""Portfolios, as rows of the work table."""

from pynamodb.attributes import JSONAttribute, NumberAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import PortfolioMoved
from chalicelib.domain.people import AuditEvent
from chalicelib.domain.plain import from_plain, to_plain
from chalicelib.domain.portfolio import Portfolio
from chalicelib.store import audit as audit_rows
from chalicelib.store.people import PersonRow
from chalicelib.store.work_table import WorkRow, connection, lost_race

ORG = "ORG"


class PortfolioRow(WorkRow):
    """``ORG`` / ``PORTFOLIO#<id>``."""

    portfolio = JSONAttribute()
    version = NumberAttribute()


class PortfolioStore:
    def get(self, portfolio_id: str) -> Portfolio | None:
        try:
            row = PortfolioRow.get(ORG, f"PORTFOLIO#{portfolio_id}", consistent_read=True)
        except PortfolioRow.DoesNotExist:
            return None
        return from_plain(Portfolio, row.portfolio)

    def exists(self, portfolio_id: str) -> bool:
        return self.get(portfolio_id) is not None

    def all(self) -> list[Portfolio]:
        """Every portfolio of the organisation: hundreds at most, one query."""
        rows = PortfolioRow.query(ORG, PortfolioRow.sk.startswith("PORTFOLIO#"))
        return [from_plain(Portfolio, row.portfolio) for row in rows]

    def some(self, portfolio_ids: tuple[str, ...]) -> list[Portfolio]:
        """Those of *portfolio_ids* that are there."""
        keys = [(ORG, f"PORTFOLIO#{portfolio_id}") for portfolio_id in portfolio_ids]
        rows = PortfolioRow.batch_get(keys) if keys else ()
        return [from_plain(Portfolio, row.portfolio) for row in rows]

    def add(self, portfolio: Portfolio, *, audit: AuditEvent, grant_to: str | None) -> None:
        """
        Keep a new portfolio.

        Args:
            grant_to: The person who gets it into their own list in the same transaction.
        """
        with TransactWrite(connection=connection()) as write:
            write.save(_row(portfolio), condition=PortfolioRow.pk.does_not_exist())
            write.save(audit_rows.row_of(audit))
            if grant_to is not None:
                write.update(
                    PersonRow(ORG, f"PERSON#{grant_to}"),
                    actions=[
                        PersonRow.portfolios.add({portfolio.portfolio_id}),
                        PersonRow.version.add(1),
                    ],
                    condition=PersonRow.pk.exists(),
                )

    def save(self, portfolio: Portfolio, *, audit: AuditEvent) -> None:
        """
        Write over the version before *portfolio*'s.

        Raises:
            PortfolioMoved: Somebody else did.
        """
        try:
            with TransactWrite(connection=connection()) as write:
                write.save(_row(portfolio), condition=PortfolioRow.version == portfolio.version - 1)
                write.save(audit_rows.row_of(audit))
        except TransactWriteError as error:
            if not lost_race(error):
                raise
            raise PortfolioMoved from None


def _row(portfolio: Portfolio) -> PortfolioRow:
    return PortfolioRow(
        ORG,
        f"PORTFOLIO#{portfolio.portfolio_id}",
        portfolio=to_plain(portfolio),
        version=portfolio.version,
    )
