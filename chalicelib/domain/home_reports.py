"""The reports that a person has on their home page, in their order."""

from dataclasses import dataclass

MOST = 6  # each is a question to the lake whenever the page is read to its end


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeReports:
    """
    Args:
        reports: Portfolio and report, by their ids.
    """

    person_id: str
    reports: tuple[tuple[str, str], ...] = ()
    version: int = 1
