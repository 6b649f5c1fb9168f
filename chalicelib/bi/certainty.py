"""How sure a share of a sample is, and whether two shares differ by more than chance."""

import math

_Z = 1.959964  # of 95 %


def between(hits: int, tries: int) -> tuple[float, float] | None:
    """
    Give Wilson's 95 % interval of a share; None where it is none.

    >>> [round(end, 3) for end in between(8, 10)]
    [0.49, 0.943]
    """
    if not 0 <= hits <= tries or not tries:
        return None
    share, drawn = hits / tries, _Z * _Z / tries
    middle = (share + drawn / 2) / (1 + drawn)
    reach = _Z / (1 + drawn) * math.sqrt(share * (1 - share) / tries + drawn / (4 * tries))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def differ(hits: int, tries: int, other_hits: int, other_tries: int) -> float | None:
    """
    Say how sure it is that two shares differ: 1 less the p of the two-sided test of proportions.

    None where nothing can be said: a side is empty, or all or none of both hit.

    >>> round(differ(120, 1000, 90, 1000), 3)
    0.971
    """
    whole, all_hits = tries + other_tries, hits + other_hits
    if not tries or not other_tries or not 0 < all_hits < whole:
        return None
    pooled = all_hits / whole
    error = math.sqrt(pooled * (1 - pooled) * (1 / tries + 1 / other_tries))
    return math.erf(abs(hits / tries - other_hits / other_tries) / error / math.sqrt(2))
