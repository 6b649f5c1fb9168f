"""
Photos and PDFs that debtors send from their page, without a script: by a form straight to S3.

The browser is led back with the file's name; only then is it looked at. What is no picture or
PDF, or too large, is said on the page in words: S3 itself only refuses what is absurd, as what
it says is said in XML. A file that nobody comes back for is gone after a day.
"""

import re
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.errors import BadField, NotFound
from chalicelib.services import attached, dispute_desk, evidence_files, payment_reports
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases

FOLDER = "debtors"
MOST_BYTES = 10 * 1024 * 1024
MOST_TAKEN = 60 * 1024 * 1024
# As long as somebody may look for a photo and a slow line may take for it.
LASTS_S = 3_600
MARK = re.compile(r"[A-Za-z0-9_-]{8,40}")
APART = "~"
# Why a file was not kept, in the words of the page.
REASONS = {
    "missing": "no_file",
    "too_large": "file_large",
    "not_one_of": "file_kind",
    "bad_format": "file_kind",
    "too_many": "file_many",
}


class Sent(Protocol):
    def post_form(
        self,
        key: str,
        *,
        max_bytes: int,
        expires_s: int,
        min_bytes: int = ...,
        redirect: str = ...,
    ) -> dict[str, Any]: ...
    def size(self, key: str) -> int | None: ...
    def read(self, key: str) -> bytes | None: ...


def meant(file: CaseFile, target: str) -> str:
    """
    Say what a file is for: ``dispute`` or ``reported``, one of this case.

    Raises:
        NotFound: Neither.
    """
    if any(one.dispute_id == target for one in file.disputes):
        return "dispute"
    if any(one.reported_id == target for one in file.reported):
        return "reported"
    raise NotFound


def form(case_id: str, target: str, *, mark: str, back: str, sent: Sent) -> dict[str, Any]:
    """
    Make the form that takes one file: its address and fields.

    Args:
        mark: Names this file; made by chance.
        back: Where the browser is led afterwards, ``https://...``; the file's name is put to it.
    """
    return sent.post_form(
        _key(case_id, target, mark),
        max_bytes=MOST_TAKEN,
        min_bytes=0,  # nothing chosen: that too is answered in words
        expires_s=LASTS_S,
        redirect=f"{back}/{target}{APART}{mark}",
    )


def take(
    case_id: str,
    named: str,
    *,
    by: str,
    sent: Sent,
    files: attached.Files,
    cases: Cases,
    portfolios: Portfolios,
    now: datetime,
) -> tuple[str, str]:
    """
    Look at a file that was sent and put it where it belongs. Safe to repeat.

    Args:
        named: As the browser came back with: ``<target>~<mark>``.

    Returns:
        (target, why it was not kept as a code of the page's words; empty when it was).

    Raises:
        NotFound: Nothing of this case is meant.
    """
    target, _, mark = named.partition(APART)
    meaning = meant(cases.open(case_id), target)
    if not MARK.fullmatch(mark):
        raise NotFound
    key = _key(case_id, target, mark)
    size = sent.size(key)
    if size is not None and size > MOST_BYTES:
        return target, REASONS["too_large"]
    body = sent.read(key) if size else None
    if not body:
        return target, REASONS["missing"]
    stores: dict[str, Any] = {"files": files, "cases": cases, "portfolios": portfolios}
    try:
        name = _name(body, now)
        if meaning == "dispute":
            dispute_desk.add_debtors_evidence(
                case_id, target, name=name, body=body, most=MOST_BYTES, by=by, now=now, **stores
            )
        else:
            payment_reports.add_file(
                case_id, target, name=name, body=body, most=MOST_BYTES, by=by, now=now, **stores
            )
    except BadField as error:
        return target, REASONS.get(str(error.details["reason"]), "not_now")
    return target, ""


# Private


def _key(case_id: str, target: str, mark: str) -> str:
    return f"{FOLDER}/{case_id}/{target}/{mark}"


def _name(body: bytes, now: datetime) -> str:
    """Name a file by when it came: what a telephone calls a photo says nothing."""
    media_type, _ = evidence_files.read(body, most=MOST_BYTES)
    return f"{now:%Y-%m-%d-%H%M%S}.{evidence_files.EXTENSIONS[media_type]}"
