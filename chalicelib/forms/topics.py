"""
What a question is about, where a country's law cares.

An author says it in a column ``topic``; a question that plainly asks for it is marked by its
name and labels too, since an author in one country may not know another's law.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

REASON_FOR_DEFAULT = "reason_for_default"

_ASKS = {
    REASON_FOR_DEFAULT: re.compile(
        r"(motivo|raz[oó]n|causa|reason|raz[aã]o)\w*[_ ]"
        r"(del?[_ ]|de[_ ]la[_ ]|da[_ ]|do[_ ]|for[_ ])?"
        r"(no[_ ]pago|impago|atraso|mora|incumplimiento|default|non[_ ]?payment|inadimpl)"
        r"|por[_ ]?qu[eé][_ ](no|n[aã]o)[_ ](ha[_ ]|se[_ ]|pudo[_ ])?(pag|cumpl)"
        r"|why.{0,20}(not|n't)[_ ](paid|pay)|por[_ ]que.{0,12}n[aã]o[_ ](pag|cumpr)",
        re.IGNORECASE,
    )
}


def mark(form: dict[str, Any]) -> None:
    """Mark the questions of *form* that are about something a law may forbid to ask."""

    def visit(items: list[dict[str, Any]]) -> None:
        for item in items:
            if "topic" not in item:
                texts = [item["name"], *(t for t in item.get("label", {}).values())]
                for topic, asks in _ASKS.items():
                    if any(isinstance(text, str) and asks.search(text) for text in texts):
                        item["topic"] = topic
            visit(item.get("items", []))

    visit(form["items"])


def without(form: dict[str, Any], forbidden: Mapping[str, str]) -> dict[str, Any]:
    """
    Give *form* with the questions on forbidden topics never asked.

    They stay in the tree, so that what refers to them still works: as if unanswered.

    Args:
        forbidden: The rule that forbids it, by topic: ``compliance.packs.forbidden_questions``.
    """
    made = copy.deepcopy(form)

    def visit(items: list[dict[str, Any]]) -> None:
        for item in items:
            rule = forbidden.get(item.get("topic", ""))
            if rule is not None:
                item["forbidden"] = rule
            visit(item.get("items", []))

    visit(made["items"])
    return made
