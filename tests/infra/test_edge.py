"""What CloudFront does to an address, run as it is deployed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra import edge

RUN = """
%s
const event = JSON.parse(process.argv[1]);
console.log(JSON.stringify(handler(event)));
"""


def at_the_edge(uri, response=None):
    """Run the function; *response* is what S3 said, None before S3 is asked."""
    event = {"request": {"uri": uri}} | ({"response": response} if response else {})
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    ran = subprocess.run(
        [node, "-e", RUN % edge.clean_urls(), json.dumps(event)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("asked", "file"),
    [
        ("/", "/index.html"),
        ("/panel/", "/panel/index.html"),
        ("/en/panel/", "/en/panel/index.html"),
        ("/pt/", "/pt/index.html"),
        ("/assets/panel-0123456789.js", "/assets/panel-0123456789.js"),
        ("/nowhere/", "/404.html"),
        ("/en/nowhere/", "/en/404.html"),
        ("/pt/panel/nada/", "/pt/404.html"),
        ("/english/", "/404.html"),
    ],
)
def test_an_address_is_a_file(asked, file):
    assert at_the_edge(asked)["uri"] == file


def test_a_page_has_a_slash_at_its_end():
    answer = at_the_edge("/en/panel")

    assert (answer["statusCode"], answer["headers"]["location"]) == (301, {"value": "/en/panel/"})


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        # CloudFront may show either what was asked for or the file that was read for it.
        ("/en/nowhere/", 404),
        ("/en/404.html", 404),
        ("/panel/", 200),
        ("/panel/index.html", 200),
        ("/assets/panel-0123456789.js", 200),
    ],
)
def test_what_is_not_there_is_said_to_be_so(asked, status):
    assert at_the_edge(asked, {"statusCode": 200})["statusCode"] == status


def test_the_function_is_within_cloudfronts_limit():
    assert len(edge.clean_urls().encode()) < 10_240


def test_what_a_page_of_the_api_forbids_stays_forbidden():
    policy = edge.headers_policy()["Resources"]["SiteHeaders"]["Properties"]
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    assert headers["ContentSecurityPolicy"]["Override"] is False
    assert headers["ReferrerPolicy"]["Override"] is False
