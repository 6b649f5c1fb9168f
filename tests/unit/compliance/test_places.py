"""Where a debtor is, for hours and holidays."""

from zoneinfo import available_timezones

import pytest

from chalicelib.compliance import packs, places


@pytest.mark.parametrize(
    ("country", "lat", "lng", "zones"),
    [
        ("MX", 32.52, -117.03, {"America/Tijuana"}),
        ("MX", 19.43, -99.13, {"America/Mexico_City"}),
        ("CL", -53.16, -70.91, {"America/Punta_Arenas"}),
        ("BR", -3.1, -60.02, {"America/Manaus"}),
        pytest.param("MX", 40.4, -3.7, set(), id="a point abroad tells nothing"),
        pytest.param("MX", 20.6, -87.8, {"America/Cancun", "America/Merida"}, id="beside a border"),
    ],
)
def test_a_point_has_the_zones_that_are_near(country, lat, lng, zones):
    assert places.zones_at(country, lat=lat, lng=lng) == zones


@pytest.mark.parametrize(
    ("country", "region", "zones"),
    [
        ("MX", "Q. Roo", {"America/Cancun"}),
        ("MX", "baja california", {"America/Tijuana"}),
        ("BR", "MT", {"America/Cuiaba"}),
        ("US", "Texas", {"America/Chicago", "America/Denver"}),
        ("CO", "Antioquia", set()),
    ],
)
def test_a_region_has_its_zones_however_it_is_written(country, region, zones):
    assert places.zones_of_region(country, region) == zones


@pytest.mark.parametrize(
    ("country", "phone", "zones"),
    [
        ("MX", "+526641234567", {"America/Tijuana"}),
        ("MX", "+529981234567", {"America/Cancun"}),
        ("BR", "+5592991234567", {"America/Manaus"}),
        ("BR", "+5581991234567", {"America/Sao_Paulo"}),
        ("US", "+18085551234", {"Pacific/Honolulu"}),
        pytest.param("CL", "+56912345678", set(), id="mobiles have no area"),
    ],
)
def test_a_phone_has_the_zones_of_its_area(country, phone, zones):
    assert places.zones_of_phone(country, phone) == zones


def test_every_zone_named_is_one_its_pack_knows():
    for kind in ("phones", "regions"):
        for country, said in places._document()[kind].items():
            named = {zone for zones in said for zone in zones.split()}
            assert named <= set(packs.document(country)["time_zones"]), country
            assert named <= available_timezones()


def test_every_subdivision_with_rules_of_its_own_is_found():
    for country in packs.countries():
        for code in packs.document(country)["subdivisions"]:
            assert places.subdivision_of(country, code) == code
