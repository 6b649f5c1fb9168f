"""A file of a debtor's is given to people as a download, and as what its bytes are."""

import ast
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config

from chalicelib.domain.dispute import DisputeKind, Evidence, Side
from chalicelib.domain.reported import Reported, ReportedState
from chalicelib.services import dispute_pages, disputes, payment_reports
from chalicelib.store.files import BucketFiles
from tests.builders import NOW, TODAY, a_debt, a_draft, a_portfolio, change_of
from tests.fakes import MemoryCases

CODE = Path(payment_reports.__file__).parents[1]
# These show a picture in the page; none of it is a debtor's: photos and signatures that our
# people's phones took, slips of deposits, papers of the creditor.
SHOWN_IN_PAGE = {"visit_review.py", "visit_results.py", "cash_desk.py", "creditor_papers.py"}


@pytest.fixture
def files():
    client = boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b",
        config=Config(signature_version="s3v4"),
    )  # fmt: skip
    return BucketFiles(client, "evidence")


def evidence(name="foto <b>.jpg", key="reports/cas/rep/d.jpg"):
    return Evidence(
        evidence_id="evi_1", side=Side.DEBTOR, name=name, media_type="image/jpeg", size_bytes=9,
        sha256="d" * 64, key=key, at=NOW, by="debtor:cas_1",
    )  # fmt: skip


def told_of(url):
    query = parse_qs(urlsplit(url).query)
    return query["response-content-disposition"][0], query.get("response-content-type", [""])[0]


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("jpg", "image/jpeg"),
        ("png", "image/png"),
        ("webp", "image/webp"),
        ("pdf", "application/pdf"),
    ],
)
def test_what_a_debtor_sent_of_a_payment_is_a_download(files, ending, media_type):
    one = Reported(
        reported_id="rep_1", state=ReportedState.WAITING, amount_minor=1, paid_on=TODAY,
        source="self_pay", at=NOW, by="debtor:cas_1",
        evidence=(evidence(key=f"reports/cas/rep/d.{ending}"),),
    )  # fmt: skip
    for shown in (
        payment_reports.line("cas_1", one, {}, files),
        payment_reports.for_debtor(one, files),
    ):
        disposition, told = told_of(shown["files"][0]["url"])
        assert disposition.startswith("attachment; filename*=UTF-8''foto%20%3Cb%3E.jpg")
        assert told == media_type


def test_and_of_a_dispute_too(files):
    cases, portfolio = MemoryCases(), a_portfolio()
    draft = a_draft(a_debt("F-1"), portfolio=portfolio, key="D-1")
    claim = disputes.Claim(kind=DisputeKind.WRONG_AMOUNT, source="self_pay")
    dispute_id = disputes.open_in(draft, claim, key="k", now=NOW)
    draft.add_evidence(dispute_id, evidence())
    change = change_of(draft)
    cases.commit(change)
    file = cases.open(change.after.case_id)
    shown = dispute_pages.for_debtor(file.disputes[0], file, files)
    assert told_of(shown["files"][0]["url"])[0].startswith("attachment;")


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x", "x.jpg.js"])
def test_what_is_shown_in_a_page_is_a_picture_or_mere_bytes(files, name):
    assert told_of(files.view(f"visits/{name}", expires_s=60)) == (
        "inline", "application/octet-stream",
    )  # fmt: skip
    assert told_of(files.view("visits/x.JPG", expires_s=60)) == ("inline", "image/jpeg")


def test_nothing_else_shows_a_file_in_a_page():
    """Whoever adds such a place is led here, and says whose files those are."""
    places = {
        path.name
        for folder in ("services", "handlers", "wiring")
        for path in (CODE / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == "view")
            or any(one.arg == "inline" for one in node.keywords)
        )
    }
    assert places == SHOWN_IN_PAGE
