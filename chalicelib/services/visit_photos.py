"""
The photos of visits: asked for by id, sent straight to the bucket, checked when they arrive.

The phone said beforehand how long each is and what its bytes hash to; what arrives otherwise is
noted and still wanted. The bucket keeps every version, so nothing overwrites evidence. A large
photo comes in parts (services/photo_parts) and is put together when the last of them is here.
"""

import hashlib
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.case import CaseFile
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import CaseNotFound, VisitInvalid, VisitNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.visit import Arrived, Photo, Visit
from chalicelib.services import casework, payment_tellings, photo_parts, scans, visits
from chalicelib.services.access import Portfolios
from chalicelib.services.casework import Cases
from chalicelib.services.visits import VisitCases

FOLDER = "visits"
TYPE = "image/jpeg"
FORM_S = 3600  # as long as a slow network may take for one picture
LINK_S = 300


class Files(scans.Gives, Protocol):
    def post_form(
        self, key: str, *, max_bytes: int, expires_s: int, min_bytes: int, content_type: str
    ) -> dict[str, Any]: ...
    def read(self, key: str) -> bytes | None: ...
    def write(self, key: str, body: bytes, *, content_type: str) -> None: ...
    def view(self, key: str, *, expires_s: int) -> str:
        """Give an address under which a browser sees the object."""
        ...


def key_of(case_id: str, visit_id: str, photo_id: str) -> str:
    return f"{FOLDER}/{case_id}/{visit_id}/{photo_id}.jpg"


def ask(
    visit_id: str,
    photo_id: str,
    *,
    sha256: str,
    size: int,
    content_type: str,
    actor: Actor,
    cases: VisitCases,
    portfolios: Portfolios,
    files: Files,
    parts: photo_parts.Parts,
    now: datetime,
) -> dict[str, Any]:
    """
    Say whether a photo is here already; if not, give the form to send it with.

    Of a large one, ``parts`` are the forms of what has not come; asked again when all have, the
    photo is put together and taken in. Safe to repeat, whatever broke off.

    Raises:
        VisitNotFound: None of the actor's.
        VisitInvalid: The visit's report names no such photo, or another length or digest.
    """
    visit = visits.own(visit_id, actor=actor, cases=cases)
    photo = _photo(visit, photo_id)
    wrong = [
        {"field": field, "reason": reason}
        for field, reason, holds in (
            ("photo_id", "not_found", photo is None),
            ("sha256", "not_as_reported", photo is not None and photo.sha256 != sha256),
            ("bytes", "not_as_reported", photo is not None and photo.bytes != size),
            ("content_type", "not_one_of", content_type != TYPE),
        )
        if holds
    ]
    if wrong:
        raise VisitInvalid(fields=wrong)
    if photo_id not in visit.wanted:
        return {"have": True, "post": None, "parts": []}
    case_id = visits.case_of(visit_id, cases) or visit.report.case_id
    key = key_of(case_id, visit_id, photo_id)
    wanted = photo_parts.pieces(case_id, visit_id, photo_id, sha256=sha256, size=size)
    left = photo_parts.missing(wanted, parts)
    if wanted and not left:
        body = photo_parts.joined(wanted, parts)
        if body is not None:
            good = hashlib.sha256(body).hexdigest() == sha256
            files.write(key, body, content_type=TYPE)
            _note(key, body, cases=cases, portfolios=portfolios, now=now)
            photo_parts.clear(wanted, parts)
            if good:
                return {"have": True, "post": None, "parts": []}
        left = wanted
    form = files.post_form(key, min_bytes=size, max_bytes=size, content_type=TYPE, expires_s=FORM_S)
    forms = photo_parts.forms(left, parts, expires_s=FORM_S)
    return {"have": False, "post": form, "parts": forms}


def arrived(key: str, *, cases: Cases, portfolios: Portfolios, files: Files, now: datetime) -> bool:
    """
    Note that a photo reached the bucket, if it is what was reported. Safe to repeat.

    Says whether it changed anything; an object that is no visit's photo does not.
    """
    body = files.read(key) if key_parts(key) else None
    if body is None:
        return False
    return _note(key, body, cases=cases, portfolios=portfolios, now=now)


def _note(key: str, body: bytes, *, cases: Cases, portfolios: Portfolios, now: datetime) -> bool:
    found = key_parts(key)
    if found is None:
        return False
    case_id, visit_id, photo_id = found
    size, digest = len(body), hashlib.sha256(body).hexdigest()

    def do(draft: Draft, file: CaseFile, _: Portfolio) -> None:
        visit = next((one for one in file.visits if one.visit_id == visit_id), None)
        photo = _photo(visit, photo_id) if visit else None
        if photo is None:
            return
        problem = ""
        if size != photo.bytes:
            problem = "size"
        elif digest != photo.sha256:
            problem = "digest"
        draft.photo_arrived(visit_id, Arrived(photo_id=photo_id, at=now, problem=problem))
        if not problem and visit is not None:
            payment_tellings.show(draft, visit, photo, key=key, now=now)

    try:
        return casework.change_by_machine(case_id, do, cases=cases, portfolios=portfolios, now=now)
    except (CaseNotFound, VisitNotFound):
        return False


def key_parts(key: str) -> tuple[str, str, str] | None:
    """
    Read case, visit and photo off a key; None when it is another's.

    >>> key_parts("visits/cas_1/vis_1/pho_1.jpg")
    ('cas_1', 'vis_1', 'pho_1')
    """
    folder, *rest = key.removesuffix(".jpg").split("/")
    if folder != FOLDER or len(rest) != 3 or not key.endswith(".jpg"):
        return None
    case_id, visit_id, photo_id = rest
    return case_id, visit_id, photo_id


def _photo(visit: Visit, photo_id: str) -> Photo | None:
    return next((one for one in visit.report.photos if one.photo_id == photo_id), None)
