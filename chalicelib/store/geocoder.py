"""Amazon Location as a geocoder: an address in, a point and how good it is out."""

from typing import Any

from chalicelib.domain.case import Address, PointQuality
from chalicelib.domain.places import Located
from chalicelib.geo.point import Point

# ISO 3166 alpha-2 to the alpha-3 codes that the service filters by.
ALPHA3 = {
    "AR": "ARG", "BO": "BOL", "BR": "BRA", "CL": "CHL", "CO": "COL", "CR": "CRI", "EC": "ECU",
    "ES": "ESP", "MX": "MEX", "PA": "PAN", "PE": "PER", "PY": "PRY", "US": "USA", "UY": "URY",
}  # fmt: skip
# An interpolated house number is somewhere along the street; a door it is not.
QUALITY = {
    "PointAddress": PointQuality.ROOFTOP,
    "SecondaryAddress": PointQuality.ROOFTOP,
    "InferredSecondaryAddress": PointQuality.ROOFTOP,
    "InterpolatedAddress": PointQuality.STREET,
    "Street": PointQuality.STREET,
    "Intersection": PointQuality.STREET,
    "Block": PointQuality.STREET,
    "Locality": PointQuality.TOWN,
    "District": PointQuality.TOWN,
    "SubDistrict": PointQuality.TOWN,
    "PostalCode": PointQuality.TOWN,
}
# Below this the service itself calls the match a guess.
LEAST_SCORE = 0.6


class AmazonLocationGeocoder:
    """
    Asks Amazon Location (``geo-places``) for one address at a time.

    Args:
        client: A boto3 ``geo-places`` client.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def locate(self, address: Address) -> Located | None:
        """
        Find *address*; None when the service finds nothing good enough.

        ``IntendedUse`` is Storage: the terms of the service ask for it where answers are kept.
        """
        asked = ", ".join(
            filter(None, (address.lines, address.postal_code, address.city, address.region))
        )
        country = ALPHA3.get(address.country)
        if not asked or country is None:
            return None
        answer = self._client.geocode(
            QueryText=asked[:200],
            MaxResults=1,
            Filter={"IncludeCountries": [country]},
            IntendedUse="Storage",
        )
        found = next(iter(answer.get("ResultItems", [])), None)
        if found is None or len(found.get("Position", ())) != 2:
            return None
        quality = QUALITY.get(found["PlaceType"])
        score = found.get("MatchScores", {}).get("Overall", 0.0)
        if quality is None or score < LEAST_SCORE:
            return None
        lng, lat = found["Position"]  # GeoJSON order
        return Located(point=Point(lat, lng), quality=quality)
