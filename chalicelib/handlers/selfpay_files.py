"""A photo or PDF from the debtor: the form that takes it, and what is said when it came."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib import wiring
from chalicelib.config import settings
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import debtor_page
from chalicelib.handlers.selfpay import look, show
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.selfpay import forms
    from chalicelib.services import debtor_files

if TYPE_CHECKING:
    from chalice.app import Response


@debtor_page("GET /pagar/archivo/{item}")
def choosing(call: DebtorCall, target: str) -> Response:
    """Ask for one file; it goes to the bucket, and the browser comes back by ``recibido``."""
    seen = look(call)
    meaning = debtor_files.meant(seen.file, target)
    post = debtor_files.form(
        call.case_id,
        target,
        mark=secrets.token_urlsafe(12),
        back=f"{settings().site_url}/pagar/recibido",
        sent=wiring.upload_files(),
    )
    address = urlsplit(post["url"])
    call.allow_forms_to(f"{address.scheme}://{address.netloc}")
    form, why = forms.EMPTY, call.query.get("por", "")
    if why in debtor_files.REASONS.values():
        form = form.with_wrong("file", why)
    return show(
        call,
        seen,
        "file",
        status=422 if form.wrong else 200,
        step="archivo",
        form=form,
        post=post,
        meaning=meaning,
        most_mb=debtor_files.MOST_BYTES >> 20,
    )


@debtor_page("GET /pagar/recibido/{item}")
def sent(call: DebtorCall, named: str) -> Response:
    """Look at the file that the bucket took and put it where it belongs; again does nothing."""
    target, why = debtor_files.take(
        call.case_id,
        named,
        by=call.actor.actor_id,
        sent=wiring.upload_files(),
        files=wiring.evidence_files(),
        cases=wiring.cases(),
        portfolios=wiring.portfolios(),
        now=call.now,
    )
    if why:
        return call.to(f"/pagar/archivo/{target}?por={why}")
    return call.to("/pagar/listo/archivo")
