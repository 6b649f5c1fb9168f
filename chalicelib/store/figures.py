"""The function that answers questions to the lake, asked from another function."""

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.bi import questions
from chalicelib.bi.answers import Answer
from chalicelib.bi.questions import Question
from chalicelib.domain.errors import DayMissing, DomainError, FigureNotTold

_PROBLEMS: dict[str, type[DomainError]] = {one.code: one for one in (DayMissing, FigureNotTold)}


class FunctionEngine:
    """
    Args:
        client: A boto3 Lambda client.
        name: Of the function; empty where there is none.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client, self._name = client, name

    def ask(self, question: Question) -> Answer:
        """See ``services.figures.FigureEngine``."""
        if not self._name:
            raise FigureNotTold(reason="engine")
        try:
            answer = self._client.invoke(
                FunctionName=self._name, Payload=json.dumps(questions.plain(question)).encode()
            )
            told = json.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError) as error:
            raise FigureNotTold(reason="engine") from error
        if "FunctionError" in answer:
            raise FigureNotTold(reason="engine")
        if problem := told.get("problem"):
            refusal = _PROBLEMS.get(problem["code"])
            if refusal is None:
                raise FigureNotTold(reason="engine")
            raise refusal(**problem["details"])
        return Answer.of(told)
