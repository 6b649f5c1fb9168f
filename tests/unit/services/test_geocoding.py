from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.draft import after
from chalicelib.domain.errors import CaseMoved
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.places import Located
from chalicelib.domain.upload import UploadMode, UploadState
from chalicelib.geo.point import Point
from chalicelib.services import geocoding
from tests.builders import a_debt, a_draft, a_portfolio, change_of
from tests.upload_fakes import Bench

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
DOOR = Located(point=Point(19.4343, -99.1452), quality=PointQuality.ROOFTOP)


class Street:
    """A geocoder that knows one street and counts what it is asked."""

    def __init__(self):
        self.asked = []

    def locate(self, address):
        self.asked.append(address)
        return DOOR if "Juárez" in address.lines else None


class OneCase:
    """The case as stored; its first commits may be beaten by somebody else's."""

    def __init__(self, file, beaten=0):
        self.file = file
        self.beaten = beaten

    def open(self, case_id):
        return self.file

    def commit(self, *changes):
        if self.beaten:
            self.beaten -= 1
            raise CaseMoved(case_id=self.file.head.case_id)
        for change in changes:
            self.file = after(self.file, change)


def a_case_at(*lines):
    draft = a_draft()
    draft.put_debt(a_debt(), source="upload", reference="upl_1")
    for line in lines:
        draft.put_address(Address(address_id="", lines=line, city="Ciudad de México"))
    return after(None, change_of(draft))


def locate(cases, geocoder):
    return geocoding.locate(
        [cases.file.head.case_id], portfolio=a_portfolio(), cases=cases, geocoder=geocoder, now=NOW
    )


def test_an_address_without_a_point_gets_one_with_its_cell_and_quality():
    cases, street = OneCase(a_case_at("Av. Juárez 20", "Calle que no existe 1")), Street()

    assert locate(cases, street) == 1

    found, lost = sorted(cases.file.addresses, key=lambda address: address.lines)
    assert (found.lat, found.lng, found.quality) == (19.4343, -99.1452, PointQuality.ROOFTOP)
    assert (len(found.cell), found.source) == (15, "geocoder")
    assert lost.lat is None
    assert cases.file.events[-1].kind == "address.changed"


def test_a_second_time_asks_only_for_what_is_still_missing():
    cases, street = OneCase(a_case_at("Av. Juárez 20")), Street()
    locate(cases, street)
    before = cases.file

    assert locate(cases, street) == 0

    assert (len(street.asked), cases.file) == (1, before)


def test_an_address_without_a_country_is_looked_for_in_the_portfolios():
    cases, street = OneCase(a_case_at("Av. Juárez 20")), Street()

    locate(cases, street)

    assert street.asked[0].country == "MX"


def test_losing_a_race_reads_again_and_pays_the_look_up_once():
    cases, street = OneCase(a_case_at("Av. Juárez 20"), beaten=2), Street()

    assert locate(cases, street) == 1
    assert len(street.asked) == 1


def test_a_case_that_never_stands_still_is_left_for_the_queue():
    cases = OneCase(a_case_at("Av. Juárez 20"), beaten=9)

    with pytest.raises(CaseMoved):
        locate(cases, Street())
    assert replace(cases.file.addresses[0], address_id="").lat is None


def test_an_applied_file_gets_its_addresses_located_once():
    street = Street()
    bench = Bench(a_portfolio(), geocoder=street)
    boss = Actor(actor_id="user:1", role=Role.SUPERVISOR, portfolios=("*",), name="Ana")
    body = (
        "id_cliente,nombre,id_deuda,vencimiento,importe,direccion,ciudad\n"
        "C-1,Ana Ruiz Lima,D-1,2026-10-25,100.00,Av. Juárez 20,Ciudad de México\n"
        "C-2,Luis Paz Toro,D-2,2026-10-26,200.00,Calle Sin Fin 9,Ciudad de México\n"
    )

    upload = bench.load(boss, body, mode=UploadMode.DEBTS)

    assert upload.state is UploadState.DONE
    points = {a.lines: (a.lat, a.quality) for f in bench.cases.files.values() for a in f.addresses}
    assert points == {
        "Av. Juárez 20": (19.4343, PointQuality.ROOFTOP),
        "Calle Sin Fin 9": (None, PointQuality.NONE),
    }
    assert len(street.asked) == 2
