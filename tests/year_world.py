"""
A seeded year of a portfolio as files of cases, each made anew whenever it is opened.

Debts are the generator's. What became of them is put into the shapes that the domain has, without
going through it: a hundred thousand debts take minutes, and no memory.
``RECOBRO_KPI_DEBTS=100000 RECOBRO_KPI_DAYS=365`` is the full size.
"""

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice
from random import Random

from chalicelib.domain.case import CaseFile, CaseStatus
from chalicelib.domain.case_list import CaseLine
from chalicelib.store.case_lists import Page
from local.generator import bulk
from tests import forecasts_world, shifts_world
from tests.lake_world import LakeWorld
from tests.year_contacts import at, case_id
from tests.year_life import Given, Life

DEBTS = int(os.environ.get("RECOBRO_KPI_DEBTS", "150"))
DAYS = int(os.environ.get("RECOBRO_KPI_DAYS", "150"))
LAST = date(2026, 9, 30)
BEGAN = LAST - timedelta(days=DAYS - 1)
FIRST = BEGAN + timedelta(days=100)  # some figures look back three months
PIECE = 1_000  # cases in memory at a time


@dataclass
class Year:
    """The cases of the portfolio, as the export reads them."""

    debts: int = DEBTS
    seed: int = 7
    opened: list[str] = field(default_factory=list)

    @cached_property
    def given(self) -> list[tuple[Given, ...]]:
        """Every debtor's debts."""
        asked = bulk.Request(self.debts, self.seed, "MX", LAST)
        lines = (line for block in bulk.blocks(asked) for line in block.splitlines())
        told: dict[str, list[Given]] = {}
        for row in csv.DictReader(lines):
            days = [
                (LAST - datetime.strptime(row[name], "%d/%m/%Y").date()).days  # noqa: DTZ007
                for name in ("Fecha emisión", "Fecha vencimiento")
            ]
            minor = int(row["Saldo total"].replace(".", ""))
            one = Given(row["Folio"], row["Producto"], *days, minor)
            told.setdefault(row["Clave cliente"], []).append(one)
        return [tuple(own) for own in told.values()]

    def file(self, number: int) -> CaseFile:
        chance = Random(self.seed << 32 | number)  # noqa: S311 - invented debtors, not secrets
        life = Life(number, self.given[number], began=BEGAN, last=LAST, chance=chance)
        return life.lived()

    def files(self) -> Iterator[CaseFile]:
        return map(self.file, range(len(self.given)))

    def pieces(self) -> Iterator[tuple[CaseFile, ...]]:
        files = self.files()
        while piece := tuple(islice(files, PIECE)):
            yield piece

    # services.verify.AllCases

    def list(
        self, portfolio_id: str, *, sort: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[CaseLine]:
        first = int(cursor or 0)
        numbers = range(first, min(first + limit, len(self.given)))
        lines = tuple(
            CaseLine(
                case_id=case_id(number),
                portfolio_id=portfolio_id,
                currency="MXN",
                name="",
                tax_id="",
                status=CaseStatus.OPEN,
                balance_minor=0,
                updated_at=at(LAST),
            )
            for number in numbers
        )
        more = numbers.stop < len(self.given)
        return Page(lines, str(numbers.stop) if more else None)

    def open_many(self, case_ids: Iterable[str]) -> dict[str, CaseFile]:
        return {one: self.file(int(one.removeprefix("cas_"))) for one in case_ids}


def exported(world: LakeWorld) -> None:
    """Export the year as a backfill does it: every case opened once; trails are kept for it."""
    shifts_world.work(world.agents, BEGAN, LAST)
    world.forecasts = forecasts_world.Told(world.cases.files)
    world.agents.kept = timedelta(days=DAYS + 60)
    world.export(LAST, since=BEGAN, now=world.at(LAST + timedelta(days=40)))
