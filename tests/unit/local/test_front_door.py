"""What the laptop's front door does with files, without a stack behind it."""

import gzip
import hashlib
import json
import threading
import urllib.error
import urllib.request

import pytest

from infra import site
from infra.edge import CACHE_CHECK, CACHE_FOREVER, content_security_policy
from local.front_door import FrontDoor
from local.processes import free_port


@pytest.fixture
def door(tmp_path):
    pages = tmp_path / "site"
    (pages / "panel").mkdir(parents=True)
    (pages / "panel" / "index.html").write_text("<h1>Panel</h1>" * 50)
    (pages / "assets").mkdir()
    (pages / "assets" / "panel-0123456789.js").write_text("export const one = 1")
    (pages / "404.html").write_text("<h1>No</h1>")
    (pages / "en").mkdir()
    (pages / "en" / "404.html").write_text("<h1>Not here</h1>")
    (tmp_path / "secret.txt").write_text("no")
    config = tmp_path / "front-door.json"
    port = free_port()
    config.write_text(json.dumps({"port": port, "site": str(pages), "cloud": "127.0.0.1:9",
                                  "api_id": "x", "site_bucket": "b"}))  # fmt: skip
    server = FrontDoor(config)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def get(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_clean_urls(door):
    assert get(f"{door}/panel/")[2].startswith(b"<h1>Panel")
    status, headers, _ = get(f"{door}/panel")
    assert (status, headers["Location"]) == (301, "/panel/")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/nowhere/", b"<h1>No</h1>"),
        ("/en/nowhere/", b"<h1>Not here</h1>"),
        ("/en", None),
        ("/english/nowhere", b"<h1>No</h1>"),
    ],
)
def test_a_page_that_is_not_there_is_missed_in_its_language(door, path, page):
    status, _, body = get(door + path)

    assert (status, body) == ((404, page) if page else (301, b""))


def test_hashed_names_are_kept_for_ever_and_pages_are_asked_for_again(door):
    assert get(f"{door}/assets/panel-0123456789.js")[1]["Cache-Control"] == CACHE_FOREVER
    _, headers, _ = get(f"{door}/panel/")
    assert headers["Cache-Control"] == CACHE_CHECK
    assert get(f"{door}/panel/", **{"If-None-Match": headers["ETag"]})[0] == 304


def test_text_travels_compressed(door):
    _, headers, body = get(f"{door}/panel/", **{"Accept-Encoding": "gzip"})

    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body).startswith(b"<h1>Panel")


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=7-11", 206, b"const"),
        ("bytes=-1", 206, b"1"),
        ("bytes=19-", 206, b"1"),
        ("bytes=99-", 416, b""),
        ("bytes=0-1,3-4", 200, b"export const one = 1"),
    ],
)
def test_parts_of_files(door, asked, status, body):
    answer = get(f"{door}/assets/panel-0123456789.js", Range=asked)

    assert (answer[0], answer[2]) == (status, body)


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/panel/..%2f..%2fsecret.txt"]
)
def test_the_site_is_all_there_is(door, path):
    status, headers, body = get(door + path)

    assert (status, body) == (404, b"<h1>No</h1>")
    assert headers["Content-Security-Policy"] == content_security_policy()


def test_a_stack_that_is_down_is_said_so(door):
    status, _, body = get(f"{door}/api/v1/health")

    assert (status, b"make logs" in body) == (502, True)


def test_s3_wants_a_signature(door):
    assert get(f"{door}/_s3/bucket/key")[0] == 403


def test_the_policy_allows_nothing_inline():
    assert "unsafe" not in content_security_policy()


class Bucket:
    """As much of S3 as a sync sees."""

    def __init__(self):
        self.kept, self.order = {}, []

    def client(self, _):
        return self

    def get_paginator(self, _):
        return self

    def paginate(self, Bucket):  # noqa: N803 (boto3's name)
        return [{"Contents": [{"Key": k, "ETag": f'"{v[0]}"'} for k, v in self.kept.items()]}]

    def put_object(self, *, Key, Body, **headers):  # noqa: N803
        self.kept[Key] = (hashlib.md5(Body, usedforsecurity=False).hexdigest(), headers)
        self.order.append(Key)

    def delete_object(self, *, Key, Bucket):  # noqa: N803
        del self.kept[Key]


def test_a_sync_sends_assets_before_the_pages_that_name_them(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_text("x")
    (tmp_path / "z-0123456789.js").write_text("x")
    bucket = Bucket()
    bucket.kept = {
        "media/logo.png": ("0", {}),
        "old.html": ("0", {}),
        "old-9876543210.js": ("0", {}),
    }

    sent, gone = site.sync(bucket, tmp_path, "b")

    assert sent == bucket.order == ["z-0123456789.js", "a/index.html"]
    assert gone == ["old.html"]
    # People's logos are not ours to remove; an old script may still be open in a browser.
    assert {"media/logo.png", "old-9876543210.js"} <= bucket.kept.keys()
    assert site.sync(bucket, tmp_path, "b") == ([], [])
