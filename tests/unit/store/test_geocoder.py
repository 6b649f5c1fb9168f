import boto3
import pytest
from botocore.stub import Stubber

from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.portfolio import COUNTRIES
from chalicelib.geo.point import Point
from chalicelib.store.geocoder import ALPHA3, AmazonLocationGeocoder

ADDRESS = Address(
    address_id="a1", lines="Av. Juárez 20", city="Ciudad de México", postal_code="06010",
    country="MX",
)  # fmt: skip
ASKED = {
    "QueryText": "Av. Juárez 20, 06010, Ciudad de México",
    "MaxResults": 1,
    "Filter": {"IncludeCountries": ["MEX"]},
    "IntendedUse": "Storage",
}


def an_item(**change):
    return {
        "PlaceId": "p",
        "PlaceType": "PointAddress",
        "Title": "Av. Juárez 20",
        "Position": [-99.1452, 19.4343],
        "MatchScores": {"Overall": 0.98},
    } | change


@pytest.fixture
def answer():
    client = boto3.client(
        "geo-places",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    with Stubber(client) as stub:

        def locate(*items, address=ADDRESS):
            stub.add_response("geocode", {"PricingBucket": "", "ResultItems": list(items)}, ASKED)
            return AmazonLocationGeocoder(client).locate(address)

        yield locate


def test_a_door_is_found_latitude_first(answer):
    found = answer(an_item())

    assert (found.point, found.quality) == (Point(19.4343, -99.1452), PointQuality.ROOFTOP)


@pytest.mark.parametrize(("kind", "quality"), [
    ("InterpolatedAddress", PointQuality.STREET),
    ("Street", PointQuality.STREET),
    ("PostalCode", PointQuality.TOWN),
])  # fmt: skip
def test_less_than_a_door_is_said_so(answer, kind, quality):
    assert answer(an_item(PlaceType=kind)).quality is quality


@pytest.mark.parametrize("items", [
    pytest.param([], id="nothing found"),
    pytest.param([an_item(MatchScores={"Overall": 0.4})], id="a guess"),
    pytest.param([an_item(PlaceType="Country")], id="only the country"),
])  # fmt: skip
def test_what_is_not_good_enough_is_no_point(answer, items):
    assert answer(*items) is None


def test_every_country_of_a_portfolio_can_be_asked_for():
    assert set(ALPHA3) == set(COUNTRIES)
