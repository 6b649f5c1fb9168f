"""A form as it is shown again: what was typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """
    Args:
        typed: Values by field, as they were sent.
        wrong: Why a field cannot be taken, by field: a code of the texts' ``wrong``.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    def with_wrong(self, name: str, code: str) -> "Form":
        return Form(typed=self.typed, wrong={**self.wrong, name: code})


EMPTY = Form()
