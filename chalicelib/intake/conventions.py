"""How each country writes numbers and dates, and where it lies: tie-breakers, never proof."""

# Countries that part thousands with a point and decimals with a comma.
_COMMA = frozenset({"AR", "BO", "BR", "CL", "CO", "CR", "EC", "ES", "PY", "UY"})


def decimal_mark(country: str) -> str:
    """
    Give the mark a country's writers usually mean.

    >>> decimal_mark("MX"), decimal_mark("CL")
    ('.', ',')
    """
    return "," if country in _COMMA else "."


def date_order(country: str) -> str:
    """
    Give the order a country's writers usually mean.

    >>> date_order("MX"), date_order("US")
    ('dmy', 'mdy')
    """
    return "mdy" if country == "US" else "dmy"


# Boxes around each country's inhabited land, islands included: (south, west, north, east)
# in WGS 84 degrees, rounded outwards to a tenth. A point outside all of them is not there;
# one inside may still be across a border. Read off the countries' own extreme points.
BOXES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "AR": ((-55.2, -73.6, -21.7, -53.6),),
    "BO": ((-23.0, -69.7, -9.6, -57.4),),
    "BR": ((-33.9, -74.1, 5.4, -34.7), (-4.0, -32.6, -3.7, -32.3)),
    "CL": (
        (-56.1, -76.0, -17.4, -66.3),
        (-27.3, -109.6, -27.0, -109.1),
        (-33.9, -79.1, -33.5, -78.7),
    ),
    "CO": ((-4.3, -79.1, 12.6, -66.8), (12.4, -81.8, 13.5, -81.2)),
    "CR": ((8.0, -86.0, 11.3, -82.5), (5.4, -87.2, 5.7, -86.9)),
    "EC": ((-5.1, -81.2, 1.5, -75.1), (-1.5, -92.1, 1.8, -89.2)),
    "ES": ((35.9, -9.4, 43.9, 4.4), (27.6, -18.2, 29.5, -13.3), (35.2, -5.4, 35.9, -2.9)),
    "MX": ((14.5, -117.2, 32.8, -86.6), (18.2, -115.0, 29.2, -110.8)),
    "PA": ((7.1, -83.1, 9.7, -77.1),),
    "PE": ((-18.4, -81.4, 0.1, -68.6),),
    "PY": ((-27.7, -62.7, -19.2, -54.2),),
    "US": (
        (24.4, -125.0, 49.4, -66.9),
        (51.2, -179.2, 71.5, -129.9),
        (18.8, -160.3, 22.3, -154.7),
        (17.8, -67.4, 18.6, -64.5),
    ),
    "UY": ((-35.1, -58.5, -30.0, -53.0),),
}  # fmt: skip


def inside(country: str, lat: float, lng: float) -> bool:
    """
    Say whether a point may be in *country*; 0,0 is nowhere.

    >>> inside("MX", 19.43, -99.13), inside("MX", 0.0, 0.0), inside("CL", -70.7353505, -71.5425863)
    (True, False, False)
    """
    for south, west, north, east in BOXES.get(country, ((-90.0, -180.0, 90.0, 180.0),)):
        if south <= lat <= north and west <= lng <= east:
            return True
    return False


# Digits of a postal code that is all digits; leading zeros are what Excel takes away.
POSTAL_DIGITS = {
    "BR": 8, "CL": 7, "CO": 6, "CR": 5, "EC": 6, "ES": 5, "MX": 5, "PE": 5, "UY": 5, "US": 5,
}  # fmt: skip
