"""``./recobro upload``: its figures, its exit status, against an API played by a small server."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from cli.__main__ import main

FIGURES = {"rows": 3, "created": 2, "updated": 0, "unchanged": 0, "rejected": 1, "closed": 0,
           "amount_minor": 500}  # fmt: skip
PROGRESS = {"rows_total": 3, "rows_read": 3, "rows_done": 3, "created": 2, "updated": 0,
            "unchanged": 0, "rejected": 1, "rows_per_s": None, "seconds_left": None}  # fmt: skip


def an_upload(state, *, rejected=1, inspection=None):
    figures = FIGURES | {"rejected": rejected, "created": 3 - rejected}
    done = state in ("done", "ready")
    return {
        "upload_id": "upl_1",
        "state": state,
        "checked": figures if done else None,
        "applied": figures if state == "done" else None,
        "progress": PROGRESS,
        "problem": None,
        "same_as": None,
        "inspection": inspection,
        "mapping": {"columns": {"0": None}, "answers": {}},
    }


INSPECTION = {
    "columns": [{"index": 0, "header": "Importe"}],
    "questions": [{"id": "q1", "choices": [{"value": "dmy"}, {"value": "mdy"}]}],
}


@pytest.fixture
def played(monkeypatch):
    """A server that goes through the *states* it is given, one a look."""

    class Player(BaseHTTPRequestHandler):
        states: ClassVar = []
        asked: ClassVar = []
        received: ClassVar = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.asked.append((self.command, self.path, body))
            if self.path == "/bucket":
                self.received.append(body)
                self.answer(201, None)
            elif self.path.endswith("/uploads"):
                url = f"http://127.0.0.1:{self.server.server_port}/bucket"
                form = {"url": url, "fields": {"key": "in/x"}}
                self.answer(201, {"upload": an_upload("awaiting_file"), "post": form})
            else:
                self.answer(200, an_upload("applying"))

        def do_PUT(self):
            self.do_POST()

        def do_GET(self):
            self.asked.append((self.command, self.path, b""))
            self.answer(200, self.states.pop(0) if len(self.states) > 1 else self.states[0])

        def answer(self, status, body):
            text = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Player)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("cli.upload.POLL_S", 0.0)
    monkeypatch.setenv("RECOBRO_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("RECOBRO_TOKEN", "rcb_test")
    yield Player
    server.shutdown()
    server.server_close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cartera.csv"
    path.write_bytes(b"a,b\n1,2\n")
    return str(path)


def test_all_rows_in_is_all_well(played, file, capsys):
    played.states = [an_upload("reading"), an_upload("applying"), an_upload("done", rejected=0)]

    assert main(["upload", file, "--portfolio", "prt_1", "--wait"]) == 0
    assert b"a,b\n1,2\n" in played.received[0]
    assert b'"key"' in played.received[0]
    assert "rejected    0" in capsys.readouterr().out


def test_a_rejected_row_is_not_well_unless_it_may_be(played, file):
    played.states = [an_upload("done")]

    assert main(["upload", file, "--portfolio", "prt_1", "--wait"]) == 1
    assert main(["upload", file, "--portfolio", "prt_1", "--wait", "--allow-rejects"]) == 0


def test_figures_that_do_not_cover_all_rows_are_not_well(played, file):
    short = an_upload("done", rejected=0)
    short["applied"]["created"] = 2
    played.states = [short]

    assert main(["upload", file, "--portfolio", "prt_1", "--wait"]) == 1


def test_a_file_that_asks_is_answered_on_the_command_line(played, file, capsys):
    asking = an_upload("needs_mapping", inspection=INSPECTION)
    played.states = [asking]
    assert main(["upload", file, "--portfolio", "prt_1", "--wait"]) == 2
    assert "asks q1: dmy, mdy" in capsys.readouterr().out

    played.states = [asking, an_upload("ready", rejected=0), an_upload("done", rejected=0)]
    said = ["--map", "importe=amount", "--answer", "q1=dmy"]
    assert main(["upload", file, "--portfolio", "prt_1", "--wait", *said]) == 0
    put = next(body for command, _, body in played.asked if command == "PUT")
    assert json.loads(put) == {"columns": {"0": "amount"}, "answers": {"q1": "dmy"}}


def test_a_machine_reads_json(played, file, capsys):
    played.states = [an_upload("done", rejected=0)]

    assert main(["upload", file, "--portfolio", "prt_1", "--wait", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "done"


def test_nobody_there_is_a_refusal(file, monkeypatch, capsys):
    monkeypatch.setenv("RECOBRO_URL", "http://127.0.0.1:9")

    assert main(["upload", file, "--portfolio", "prt_1", "--wait"]) == 3
    assert "cannot reach" in capsys.readouterr().err
