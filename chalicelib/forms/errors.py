"""Why a questionnaire is refused."""

from typing import Any


class BadExpression(ValueError):
    """
    It is not an expression that we can run.

    Args:
        code: A key of ``chalicelib/i18n/forms.*.json``.
        detail: The part that is not understood.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class FormRefused(ValueError):
    """
    The spreadsheet makes no questionnaire.

    Args:
        code: A key of ``chalicelib/i18n/forms.*.json``.
        detail: What is not understood, as written in the sheet.
        sheet: The sheet's name; None when the file as a whole is meant.
        row: As the spreadsheet numbers it: the header is usually 1.
        column: The header of the column, as written.
        question: The name of the question, group, repeat or choice.

    ``others`` are what else is wrong, in the order of the sheet.
    """

    others: "tuple[FormRefused, ...]" = ()

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        question: str | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.sheet = sheet
        self.row = row
        self.column = column
        self.question = question

    def plain(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "detail": self.detail,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "question": self.question,
        }
