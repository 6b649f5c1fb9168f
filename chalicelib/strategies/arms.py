"""A/B tests: which arm a case is in."""

import hashlib
from collections.abc import Sequence

from chalicelib.strategies.model import Arm


def arm_of(arms: Sequence[Arm], case_id: str, strategy_id: str) -> Arm | None:
    """
    Put a case into one arm of a test, always the same.

    >>> arm_of((Arm(code="a"), Arm(code="b")), "cas_1", "str_1").code
    'a'
    """
    whole = sum(arm.weight for arm in arms)
    if not whole:
        return None
    drawn = hashlib.sha256(f"{strategy_id}/{case_id}".encode()).digest()
    point = int.from_bytes(drawn[:8], "big") % whole
    for arm in arms:
        point -= arm.weight
        if point < 0:
            return arm
    return None
