"""What a debtor asks about their own data, on their page: it lands in the register of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib import wiring
from chalicelib.domain.errors import BadField
from chalicelib.handlers.debtor_call import DebtorCall
from chalicelib.handlers.debtor_web import debtor_page
from chalicelib.handlers.selfpay import Look, look, show
from chalicelib.lazily import lazily

with lazily():
    from chalicelib.compliance import data_terms
    from chalicelib.domain.data_request import IdentityProof, RequestKind, RequestWay
    from chalicelib.selfpay import forms
    from chalicelib.services import data_requests

if TYPE_CHECKING:
    from chalice.app import Response

    from chalicelib.domain.data_request import DataRequest
    from chalicelib.selfpay.forms import Form

STEP = "solicitud"
MOST_WORDS = 1_000


@debtor_page(f"GET /pagar/{STEP}")
def asking(call: DebtorCall) -> Response:
    return _asked(call, look(call), forms.EMPTY)


@debtor_page(f"POST /pagar/{STEP}")
def ask(call: DebtorCall) -> Response:
    """Take a request in; while one of the same right is under way, it is that one."""
    seen = look(call)
    form = forms.Form(typed=call.form)
    wanted = call.form.get("kind", "")
    if wanted not in {one.value for one in _rights(seen)}:
        return _asked(call, seen, form.with_wrong("kind", "choice"))
    kind = RequestKind(wanted)
    if any(one.live and one.kind is kind for one in _of(seen)):
        return call.to(f"/pagar/{STEP}")
    words = call.form.get("words", "").strip()
    if kind is RequestKind.RECTIFICATION and not words:
        return _asked(call, seen, form.with_wrong("words", "missing"))
    try:
        data_requests.register(
            seen.portfolio,
            data_requests.Asked(
                kind=kind,
                way=RequestWay.PAGE,
                case_ids=(call.case_id,),
                words=words[:MOST_WORDS],
                reply_to=call.form.get("reply_to", "").strip(),
                proof=IdentityProof.PAGE,
            ),
            key=call.key,
            by=call.actor.actor_id,
            means=wiring.data_request_means(),
            now=call.now,
        )
    except BadField:
        return _asked(call, seen, form.with_wrong("words", "not_now"))
    return call.to(f"/pagar/{STEP}")


# Private


def _asked(call: DebtorCall, seen: Look, form: Form) -> Response:
    """What was asked so far, with its number and its last day; and the form to ask."""
    told = list(reversed(_of(seen)))
    under_way = {one.kind for one in told if one.live}
    return show(
        call,
        seen,
        "request",
        status=422 if form.wrong else 200,
        step=STEP,
        form=form,
        told=told,
        kinds=[one.value for one in _rights(seen) if one not in under_way],
    )


def _of(seen: Look) -> list[DataRequest]:
    head = seen.file.head
    return wiring.data_requests().of_case(head.portfolio_id, head.case_id)


def _rights(seen: Look) -> tuple[RequestKind, ...]:
    return data_terms.rights_of(seen.portfolio.country, seen.account.today)
