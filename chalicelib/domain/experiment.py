"""A/B tests: who takes part, and how sure a difference between arms is."""

import math
from dataclasses import dataclass
from datetime import date

# The 97.5 % point of the normal distribution: two-sided intervals of 95 %.
Z95 = 1.959963984540054

Sums = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A case that takes part in a test since a day of the portfolio's calendar."""

    case_id: str
    arm: str
    since: date


@dataclass(frozen=True, slots=True)
class Interval:
    """
    A share or a difference of shares, with its 95 % confidence interval; all within [-1, 1].

    Of ``mean_difference`` they are in the unit of what was measured.
    """

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


def mean_difference(one: Sums, base: Sums, z: float = Z95) -> Interval:
    """
    Estimate how much larger one mean is than the base's, of samples that vary each in its own way.

    Args:
        one, base: How many there are, at least two; their sum; the sum of their squares.

    >>> found = mean_difference((100, 1_000, 19_900), (100, 500, 12_400))  # both vary by 100
    >>> [round(bound, 2) for bound in (found.value, found.low, found.high)]
    [5.0, 2.23, 7.77]
    """
    mean, spread = _mean(*one)
    base_mean, base_spread = _mean(*base)
    reach = z * math.sqrt(spread + base_spread)
    delta = mean - base_mean
    return Interval(delta, delta - reach, delta + reach)


def _mean(number: int, total: int, squares: int) -> tuple[float, float]:
    """The mean, and the variance of the mean; whole numbers until the end, for they are large."""
    return total / number, (number * squares - total * total) / (number * number * (number - 1))
