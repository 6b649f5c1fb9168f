"""What the lake's function answers, and every way in which it does not."""

import io
import json
from datetime import date

import pytest
from botocore.exceptions import ClientError

from chalicelib.bi import questions
from chalicelib.bi.answers import Answer
from chalicelib.bi.questions import OfKpi, Question
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.errors import DayMissing, FigureNotTold
from chalicelib.store.figures import FunctionEngine

QUESTION = Question(
    about=OfKpi(code="par30"),
    portfolio_id="prt_1",
    first=date(2026, 10, 1),
    last=date(2026, 10, 31),
    bands=DEFAULT_BANDS,
)
ANSWER = Answer(
    columns=("group_1", "numerator"),
    rows=(("", 7),),
    engine="athena",
    bytes_read=10,
    days=(date(2026, 10, 1),),
)


class Lambda:
    def __init__(self, payload=None, *, failed=False, error=None):
        self.payload, self.failed, self.error = payload, failed, error
        self.sent = None

    def invoke(self, **asked):
        self.sent = asked
        if self.error:
            raise self.error
        body = {"Payload": io.BytesIO(json.dumps(self.payload).encode())}
        return body | ({"FunctionError": "Unhandled"} if self.failed else {})


def test_the_question_goes_as_json_and_the_answer_comes_back():
    client = Lambda(ANSWER.plain())

    assert FunctionEngine(client, "figures").ask(QUESTION) == ANSWER
    assert client.sent["FunctionName"] == "figures"
    assert questions.parse(json.loads(client.sent["Payload"])) == QUESTION


def test_a_problem_is_raised_as_what_it_is():
    details = {"day": "2026-10-31", "first": None, "last": None}
    client = Lambda({"problem": {"code": "lake.day_missing", "details": details}})

    with pytest.raises(DayMissing) as missing:
        FunctionEngine(client, "figures").ask(QUESTION)
    assert missing.value.details == details


@pytest.mark.parametrize(
    "client",
    [
        Lambda({"errorMessage": "out of memory"}, failed=True),
        Lambda({"problem": {"code": "request.bad_field", "details": {"field": "kind"}}}),
        Lambda(error=ClientError({"Error": {"Code": "TooManyRequests"}}, "Invoke")),
    ],
)
def test_whatever_else_goes_wrong_is_no_figure(client):
    with pytest.raises(FigureNotTold) as refused:
        FunctionEngine(client, "figures").ask(QUESTION)
    assert refused.value.details == {"reason": "engine"}


def test_where_there_is_no_function_nothing_is_asked():
    client = Lambda()
    with pytest.raises(FigureNotTold):
        FunctionEngine(client, "").ask(QUESTION)
    assert client.sent is None
