"""What a file of cases is ordered by."""

from chalicelib.handlers.models.case_filters import CaseFilters
from chalicelib.handlers.models.figures import CasesAsked


class NewExport(CaseFilters):
    """The filters of the list of cases; or ``behind``, the number whose cases these are, alone."""

    behind: CasesAsked | None = None
