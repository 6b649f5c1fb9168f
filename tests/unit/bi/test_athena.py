"""Asking Athena: once for the same files, within a time, with what it says made plain."""

import itertools
import json

import pytest
from botocore.exceptions import ClientError

from chalicelib.bi.questions import Plan
from chalicelib.domain.errors import FigureNotTold
from lake.athena import Athena
from lake.days import Needed, Part

PLAN = Plan(sql="SELECT 1", columns=("a",), reads=(), most_rows=3)
COLUMNS = [{"Name": name, "Type": kind} for name, kind in (("a", "varchar"), ("n", "bigint"))]


class Question:
    portfolio_id = "prt_test"


def a_read(tag="t1"):
    return Needed((Part("debts", None, "lake/debts/one", 10, tag),), ())


class Client:
    """Athena that ends each query as it is told to."""

    def __init__(self, *ends, rows=()):
        self.started, self.tokens, self._ends = [], {}, {}
        self._next, self._rows = iter(ends), rows

    def start_query_execution(self, **asked):
        assert asked["WorkGroup"] == "group"
        token = asked["ClientRequestToken"]
        if token not in self.tokens:
            execution = f"q{len(self.started)}"
            self.started.append(execution)
            self.tokens[token] = execution
            self._ends[execution] = next(self._next)
        return {"QueryExecutionId": self.tokens[token]}

    def get_query_execution(self, **asked):
        if asked["QueryExecutionId"] not in self._ends:
            raise ClientError({"Error": {"Code": "InvalidRequestException"}}, "get")
        end = next(self._ends[asked["QueryExecutionId"]])
        state, _, reason = end.partition(": ")
        status = {"State": state, "StateChangeReason": reason}
        statistics = {"DataScannedInBytes": 77}
        return {"QueryExecution": {"Status": status, "Statistics": statistics}}

    def get_paginator(self, name):
        assert name == "get_query_results"
        return self

    def paginate(self, **_):
        told = [{"Data": [{"VarCharValue": "a"}, {"VarCharValue": "n"}]}, *self._rows]
        for at in range(0, len(told), 2):
            metadata = {"ColumnInfo": COLUMNS}
            yield {"ResultSet": {"Rows": told[at : at + 2], "ResultSetMetadata": metadata}}


class Files(dict):
    read = dict.get
    write = dict.__setitem__


def always(*states):
    return itertools.chain(states, itertools.repeat(states[-1]))


def athena(client, files=None, patience_s=5.0):
    waited = []
    made = Athena(
        client, Files() if files is None else files, workgroup="group", database="base",
        patience_s=patience_s, sleep=waited.append, clock=lambda: sum(waited),
    )  # fmt: skip
    return made, waited


def row(text, number):
    cells = [{} if one is None else {"VarCharValue": one} for one in (text, number)]
    return {"Data": cells}


def test_rows_come_with_their_kinds_and_never_more_than_one_too_many():
    rows = [row("x", "12"), row("", None), row(None, "-3"), row("y", "4"), row("z", "5")]
    made, waited = athena(Client(always("QUEUED", "RUNNING", "SUCCEEDED"), rows=rows))
    found, size = made.rows(Question, PLAN, a_read())

    assert found == [("x", 12), ("", None), (None, -3), ("y", 4)]
    assert size == 77
    assert len(waited) == 2


def test_the_same_of_the_same_files_is_asked_once():
    client, files = Client(always("SUCCEEDED"), always("SUCCEEDED")), Files()
    athena(client, files)[0].rows(Question, PLAN, a_read())
    athena(client, files)[0].rows(Question, PLAN, a_read())
    assert client.started == ["q0"]

    athena(client, files)[0].rows(Question, PLAN, a_read(tag="written again"))
    assert client.started == ["q0", "q1"]
    assert [json.loads(body) for body in files.values()] == [
        {"execution": "q0"},
        {"execution": "q1"},
    ]


def test_what_takes_long_is_waited_for_by_who_asks_again():
    client, files = Client(itertools.chain(["RUNNING"] * 6, itertools.repeat("SUCCEEDED"))), Files()
    with pytest.raises(FigureNotTold) as refused:
        athena(client, files, patience_s=1.0)[0].rows(Question, PLAN, a_read())

    assert refused.value.details == {"reason": "too_long"}
    athena(client, files)[0].rows(Question, PLAN, a_read())
    assert client.started == ["q0"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("FAILED: Query exhausted resources", "engine"),
        ("CANCELLED: Bytes scanned limit was exceeded", "too_much"),
    ],
)
def test_what_failed_is_refused_and_asked_anew_the_next_time(end, reason):
    client, files = Client(always(end), always("SUCCEEDED")), Files()
    with pytest.raises(FigureNotTold) as refused:
        athena(client, files)[0].rows(Question, PLAN, a_read())

    assert refused.value.details == {"reason": reason}
    athena(client, files)[0].rows(Question, PLAN, a_read())
    assert client.started == ["q0", "q1"]


def test_a_query_that_athena_has_forgotten_is_asked_anew():
    client, files = Client(always("SUCCEEDED"), always("SUCCEEDED")), Files()
    athena(client, files)[0].rows(Question, PLAN, a_read())
    client._ends.clear()
    athena(client, files)[0].rows(Question, PLAN, a_read())

    assert client.started == ["q0", "q1"]
