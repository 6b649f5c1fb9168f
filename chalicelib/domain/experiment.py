"""A/B tests: who takes part, and how sure a difference between arms is."""

import math
from dataclasses import dataclass
from datetime import date

# The 97.5 % point of the normal distribution: two-sided intervals of 95 %.
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A case that takes part in a test since a day of the portfolio's calendar."""

    case_id: str
    arm: str
    since: date


@dataclass(frozen=True, slots=True)
class Interval:
    """A share or a difference of shares, with its 95 % confidence interval; all within [-1, 1]."""

    value: float
    low: float
    high: float


def share(successes: int, number: int, z: float = Z95) -> Interval:
    """
    Estimate a share with Wilson's score interval (1927), which also holds for small numbers.

    Raises:
        ValueError: *number* is not positive, or there are more successes than that.

    >>> result = share(81, 263)  # Newcombe 1998a, table I: 0.2553 to 0.3662
    >>> [round(bound, 4) for bound in (result.low, result.high)]
    [0.2553, 0.3662]
    """
    if number <= 0 or not 0 <= successes <= number:
        raise ValueError(f"no share: {successes} of {number}")
    rate = successes / number
    middle = (rate + z * z / (2 * number)) / (1 + z * z / number)
    reach = (
        z
        * math.sqrt(rate * (1 - rate) / number + z * z / (4 * number * number))
        / (1 + z * z / number)
    )
    low = 0.0 if successes == 0 else max(0.0, middle - reach)
    high = 1.0 if successes == number else min(1.0, middle + reach)
    return Interval(rate, low, high)


def difference(
    successes: int, number: int, base_successes: int, base_number: int, z: float = Z95
) -> Interval:
    """
    Estimate how much larger one share is than the base's: Newcombe's hybrid score interval.

    Method 10 of Newcombe (1998), *Interval estimation for the difference between independent
    proportions*, Statistics in Medicine 17:873-890, made of two Wilson intervals.

    >>> result = difference(56, 70, 48, 80)  # his example (a): 0.0524 to 0.3339
    >>> [round(bound, 4) for bound in (result.low, result.high)]
    [0.0524, 0.3339]
    """
    one, base = share(successes, number, z), share(base_successes, base_number, z)
    delta = one.value - base.value
    below = math.hypot(one.value - one.low, base.high - base.value)
    above = math.hypot(one.high - one.value, base.value - base.low)
    return Interval(delta, delta - below, delta + above)
