"""``./recobro upload FILE --portfolio ID --wait``: send a file and follow it to its figures."""

import argparse
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HELP = "upload a file to a portfolio"
POLL_S = 1.0
BLOCK = 1 << 20
BOUNDARY = "recobro-file-boundary-7d1f"
MOVING = ("awaiting_file", "reading", "checking", "applying")
# Exit status: what a script has to tell apart.
WELL, NOT_WELL, ASKS, REFUSED = 0, 1, 2, 3


class Refusal(Exception):
    """The API said no. Attributes: ``status``, ``code``, ``details``."""

    def __init__(self, status: int, code: str, details: Any) -> None:
        super().__init__(f"{code} ({status})")
        self.status, self.code, self.details = status, code, details


class Api:
    """The stack's API, the laptop's or a deployed one."""

    def __init__(self, url: str, token: str) -> None:
        self._base = url.rstrip("/") + "/api/v1"
        self._token = token

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the operator's own address
            self._base + path, data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - likewise
                text = answer.read()
        except urllib.error.HTTPError as error:
            problem = _json(error.read())
            code = str(problem.get("code", f"http.{error.code}"))
            raise Refusal(error.code, code, problem.get("details", {})) from error
        return json.loads(text) if text else None


def _json(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV, TSV, XLSX, XLS or ODS")
    parser.add_argument("--portfolio", required=True, metavar="ID")
    parser.add_argument("--mode", choices=("debts", "balances", "payments"), default="debts")
    parser.add_argument(
        "--close-absent", action="store_true", help="balances: settle what the file does not name"
    )
    parser.add_argument("--wait", action="store_true", help="follow it until it is done")
    parser.add_argument(
        "--review", action="store_true", help="stop after the review, apply nothing"
    )
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="by header or number"
    )
    parser.add_argument("--answer", action="append", default=[], metavar="QUESTION=VALUE")
    parser.add_argument("--allow-rejects", action="store_true", help="rejected rows are all right")
    parser.add_argument("--url", default=os.environ.get("RECOBRO_URL", "http://localhost:8000"))
    parser.add_argument(
        "--email", default=os.environ.get("RECOBRO_EMAIL"), help="password in RECOBRO_PASSWORD"
    )
    parser.epilog = (
        "A service token goes into RECOBRO_TOKEN. Exit status: 0 all rows are in, 1 some are not,"
        " 2 the file raises questions (answer with --map and --answer), 3 refused."
    )


def run(options: argparse.Namespace) -> int:
    try:
        api = Api(options.url, _token(options))
        upload = _send(api, options)
        if options.wait or options.review:
            upload = _follow(api, upload, options)
    except Refusal as refusal:
        print(f"refused: {refusal.code} {json.dumps(refusal.details)}", file=sys.stderr)
        return REFUSED
    except (urllib.error.URLError, OSError) as error:
        print(f"cannot reach {options.url}: {error}", file=sys.stderr)
        return REFUSED
    if options.json:
        print(json.dumps(upload, ensure_ascii=False))
    return _verdict(upload, options)


def _token(options: argparse.Namespace) -> str:
    token = os.environ.get("RECOBRO_TOKEN", "")
    if token or not options.email:
        return token
    password = os.environ.get("RECOBRO_PASSWORD", "")
    answer = Api(options.url, "")(
        "POST", "/session", {"email": options.email, "password": password}
    )
    if "access_token" not in answer:
        raise Refusal(401, f"session.{answer['challenge']}", {})
    return str(answer["access_token"])


def _send(api: Api, options: argparse.Namespace) -> dict[str, Any]:
    """Announce the file and put it into the bucket by the form that comes back."""
    mapped = bool(options.map or options.answer)
    announced = api(
        "POST",
        f"/portfolios/{options.portfolio}/uploads",
        {
            "filename": options.file.name,
            "size_bytes": options.file.stat().st_size,
            "mode": options.mode,
            "close_absent": options.close_absent,
            "apply_automatically": not options.review and not mapped,
        },
    )
    _post_form(announced["post"], options.file)
    upload: dict[str, Any] = announced["upload"]
    if not options.json:
        print(f"sent {options.file.name} as {upload['upload_id']}")
    return upload


def _post_form(form: dict[str, Any], path: Path) -> None:
    """Send a file of any size as multipart/form-data, block by block."""
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    )
    head += (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    tail = f"\r\n--{BOUNDARY}--\r\n"
    url = urllib.parse.urlsplit(form["url"])
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.netloc, timeout=300)
    length = len(head.encode()) + path.stat().st_size + len(tail)
    connection.request(
        "POST",
        url.path or "/",
        body=_blocks(head.encode(), path, tail.encode()),
        headers={
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(length),
        },
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status >= 300:
        raise Refusal(answer.status, "upload.file_not_taken", {})


def _blocks(head: bytes, path: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
    yield tail


def _follow(api: Api, upload: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    path = f"/portfolios/{options.portfolio}/uploads/{upload['upload_id']}"
    mapped = shown = False
    while True:
        upload = api("GET", path)
        state = upload["state"]
        if not options.json:
            shown = _show_progress(upload) or shown
        if state == "needs_mapping" and not mapped and (options.map or options.answer):
            upload = api("PUT", f"{path}/mapping", _mapping(upload, options))
            mapped = True
        elif state == "ready" and not options.review:
            upload = api("POST", f"{path}/application", {})
        elif state not in MOVING:
            if shown and sys.stderr.isatty():
                print(file=sys.stderr)
            return upload
        time.sleep(POLL_S)


def _show_progress(upload: dict[str, Any]) -> bool:
    progress = upload["progress"]
    parts = [upload["state"], f"{progress['rows_done']} of {progress['rows_total'] or '?'} rows"]
    if progress["rejected"]:
        parts.append(f"{progress['rejected']} rejected")
    if progress["rows_per_s"] and progress["seconds_left"] is not None:
        parts.append(f"{progress['rows_per_s']:.0f} rows/s")
        parts.append(f"{progress['seconds_left']:.0f} s left")
    end = "" if sys.stderr.isatty() else "\n"
    print("\r\033[K" * sys.stderr.isatty() + ", ".join(parts), end=end, file=sys.stderr, flush=True)
    return True


def _mapping(upload: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Take the guess, changed by what was said on the command line."""
    by_header = {
        c["header"].strip().casefold(): str(c["index"]) for c in upload["inspection"]["columns"]
    }
    columns = dict(upload["mapping"]["columns"])
    for said in options.map:
        name, _, field = said.rpartition("=")
        index = by_header.get(name.strip().casefold(), name.strip())
        columns[index] = field.strip() or None
    answers = dict(upload["mapping"]["answers"])
    answers |= {name: value for name, _, value in (said.partition("=") for said in options.answer)}
    return {"columns": columns, "answers": answers}


def _verdict(upload: dict[str, Any], options: argparse.Namespace) -> int:
    state = upload["state"]
    figures = upload["applied"] or upload["checked"]
    if not options.json:
        _print(upload, figures)
    if state == "needs_mapping":
        return ASKS
    if not (options.wait or options.review):
        return WELL
    expected = "ready" if options.review else "done"
    if state != expected or figures is None:
        return NOT_WELL
    accounted = sum(figures[name] for name in ("created", "updated", "unchanged", "rejected"))
    whole = accounted == figures["rows"] == upload["progress"]["rows_total"]
    return WELL if whole and (options.allow_rejects or not figures["rejected"]) else NOT_WELL


def _print(upload: dict[str, Any], figures: dict[str, Any] | None) -> None:
    print(f"state       {upload['state']}")
    if upload["same_as"]:
        print(f"same as     {upload['same_as']}")
    for name, value in (figures or {}).items():
        print(f"{name:<12}{value}")
    if upload["problem"]:
        print(f"problem     {upload['problem']['code']} {json.dumps(upload['problem']['details'])}")
    if upload["state"] != "needs_mapping" or not upload["inspection"]:
        return
    for column in upload["inspection"]["columns"]:
        field = upload["mapping"]["columns"].get(str(column["index"])) or "-"
        print(f"  {column['index']:>3}  {column['header'][:30]:<30}  {field}")
    for question in upload["inspection"]["questions"]:
        choices = ", ".join(str(choice["value"]) for choice in question["choices"])
        print(f"  asks {question['id']}: {choices}")
