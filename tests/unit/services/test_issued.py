"""A document is issued once, is what its hash says, and can be checked by who holds it."""

import hashlib

import pytest

from chalicelib.domain.document import DocumentKind
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseMoved, DocumentNotValid, TooManyAttempts
from chalicelib.domain.timeline import verify
from chalicelib.services import issued
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of
from tests.fakes import MemoryCases


class Bucket:
    def __init__(self):
        self.objects = {}

    def write(self, key, body, *, content_type="application/json"):
        self.objects[key] = (body, content_type)

    def link(self, key, *, filename, expires_s):
        return f"https://bucket.example/{key}?{expires_s}"


class Desk:
    """A case, where its documents are kept, and who asks about them."""

    def __init__(self):
        self.portfolio = a_portfolio()
        self.cases = MemoryCases()
        self.bucket = Bucket()
        self.turns = {}
        self.cases.commit(change_of(a_draft(a_debt(), portfolio=self.portfolio)))
        (self.case_id,) = self.cases.files

    @property
    def file(self):
        return self.cases.open(self.case_id)

    def draft(self):
        return Draft(self.file, self.portfolio, actor="user:ana", now=NOW)

    def issue(self, draft, text="a receipt", of="pay_1"):
        means = issued.Means(files=self.bucket, site="https://recobro.example")
        return issued.issue(
            draft,
            DocumentKind.RECEIPT,
            of=of,
            render=lambda stamp: f"{text} {stamp.code} {stamp.url}".encode(),
            filename="recibo.pdf",
            language="es",
            facts={"amount": {"minor": 5_000, "currency": "MXN"}},
            means=means,
            now=NOW,
        )

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == self.portfolio.portfolio_id else None

    def take(self, name, *, most, within_s, now):
        self.turns[name] = self.turns.get(name, 0) + 1
        return self.turns[name] <= most

    def shown(self, code):
        return issued.shown(
            code, asker="203.0.113.9", documents=self.cases, turns=self, portfolios=self, now=NOW
        )


@pytest.fixture
def desk():
    return Desk()


def test_it_is_kept_and_named_on_the_timeline_by_its_hash(desk):
    draft = desk.draft()
    made = desk.issue(draft)
    desk.cases.commit(draft.change())

    (document,) = desk.file.documents
    body, media = desk.bucket.objects[document.key]
    assert (document, media) == (made, "application/pdf")
    assert document.sha256 == hashlib.sha256(body).hexdigest()
    assert document.code.encode() in body
    last = desk.file.events[-1]
    assert (last.kind, last.facts["sha256"]) == ("document.issued", document.sha256)
    assert verify(desk.file.events, desk.file.head.chain).ok


def test_issued_again_for_the_same_thing_it_is_the_first_one(desk):
    draft = desk.draft()
    first = desk.issue(draft)
    assert desk.issue(draft, "another text") is first
    desk.cases.commit(draft.change())

    again = desk.draft()
    assert desk.issue(again, "another text") == first
    assert again.change() is None
    assert len(desk.bucket.objects) == 1


def test_of_two_that_race_the_one_on_file_finds_its_own_file(desk):
    one, other = desk.draft(), desk.draft()
    desk.issue(one, "one")
    desk.issue(other, "other")
    desk.cases.commit(other.change())
    with pytest.raises(CaseMoved):
        desk.cases.commit(one.change())

    (document,) = desk.file.documents
    assert desk.bucket.objects[document.key][0].startswith(b"other")


def test_whoever_holds_it_can_check_it_and_learns_no_name(desk):
    draft = desk.draft()
    code = desk.issue(draft).code
    desk.cases.commit(draft.change())

    told = desk.shown(f" {code.lower().replace('-', ' ')} ")

    assert told["stands"]
    assert told["kind"] == "receipt"
    assert told["facts"] == {"amount": {"minor": 5_000, "currency": "MXN"}}
    assert desk.file.head.name not in str(told)
    assert desk.case_id not in str(told)


def test_an_annulled_one_stays_on_file_and_stands_no_more(desk):
    draft = desk.draft()
    made = desk.issue(draft)
    assert draft.annul(made.document_id, "refunded")
    assert not draft.annul(made.document_id, "refunded")
    desk.cases.commit(draft.change())

    told = desk.shown(made.code)
    assert (told["stands"], told["annulled_why"]) == (False, "refunded")


@pytest.mark.parametrize("code", ["", "123456", "AAAA-BBBB-CCCC", "AAAA-BBBB", "ÑÑÑÑ-BBBB-CCCC"])
def test_a_code_that_is_not_ours_says_nothing(desk, code):
    with pytest.raises(DocumentNotValid):
        desk.shown(code)


def test_who_tries_many_codes_has_to_wait(desk):
    for _ in range(issued.MOST_ASKED):
        with pytest.raises(DocumentNotValid):
            desk.shown("AAAA-BBBB-CCCC")
    with pytest.raises(TooManyAttempts):
        desk.shown("AAAA-BBBB-CCCC")


def test_a_case_lists_its_documents_with_addresses_that_do_not_last(desk):
    draft = desk.draft()
    desk.issue(draft, of="pay_1")
    desk.issue(draft, of="pay_2")
    desk.cases.commit(draft.change())

    listed = issued.listed(desk.file, desk.bucket)
    assert {one["of"] for one in listed} == {"pay_1", "pay_2"}
    assert all(one["url"].endswith(f"?{issued.GOOD_FOR_S}") for one in listed)
