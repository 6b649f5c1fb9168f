"""Whether what a message was planned for has been paid meanwhile."""

from collections.abc import Collection
from datetime import date


def fell_due_and_is_paid(
    anchor: date | None, due: Collection[date], oldest_due_on: date | None
) -> bool:
    """
    Say whether what fell due on *anchor* is paid; an anchor that is no due date is an event.

    Args:
        due: Every day on which something falls due.
        oldest_due_on: Of what is still owed.

    >>> fell_due_and_is_paid(None, (), None)
    False
    """
    if anchor is None or oldest_due_on is None:
        return False
    return anchor in due and oldest_due_on > anchor
