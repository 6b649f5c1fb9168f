"""
localstripe with what Checkout needs and it has not got: sessions, idempotency, disputes.

Run as ``python -m tests.localstripe_checkout PORT``. Charges, payment intents, refunds, balance
transactions and events are localstripe's own. ``POST /_test/sessions/{id}/pay`` does what a payer
does on Stripe's page, with a card of localstripe's; ``/print`` leaves it with a voucher or a
transfer under way, and ``/arrive`` is its money, or its end.
"""

import json
import sys
import time

from aiohttp import web
from localstripe import resources, server
from localstripe.errors import UserError
from localstripe.resources import Charge, PaymentIntent, PaymentMethod, StripeObject, extra_apis

KINDS = ("card", "oxxo", "customer_balance")
GOOD = "4242424242424242"
NEXT = {"oxxo": "oxxo_display_details", "customer_balance": "display_bank_transfer_instructions"}
answers = {}
card_error = PaymentIntent.last_payment_error


def last_payment_error(intent):
    """localstripe's, and that of a voucher nobody paid."""
    if getattr(intent, "_ran_out", False):
        return {"code": "payment_intent_payment_attempt_expired", "message": "Expired"}
    return card_error.fget(intent)


PaymentIntent.last_payment_error = property(last_payment_error)


class Session(StripeObject):
    object = "checkout.session"
    _id_prefix = "cs_"

    def __init__(self, mode, line_items, success_url, cancel_url, expires_at, **more):
        (item,) = line_items
        price = item["price_data"]
        left = int(expires_at) - time.time()
        kinds = more["payment_method_types"]
        for wrong in (
            mode != "payment",
            not 30 * 60 <= left <= 24 * 3600,
            not set(kinds) <= set(KINDS),
            kinds == ["oxxo"] and price["currency"] != "mxn",
            "customer_balance" in kinds and "customer" not in more,
            not success_url.startswith("http"),
        ):
            if wrong:
                raise UserError(400, "Bad request")
        super().__init__()
        self.amount_total = int(price["unit_amount"]) * int(item["quantity"])
        self.currency = price["currency"]
        self.client_reference_id = more.get("client_reference_id")
        self.metadata = more.get("metadata") or {}
        self.success_url, self.cancel_url = success_url, cancel_url
        self.expires_at = int(expires_at)
        self.url = f"https://checkout.stripe.com/c/pay/{self.id}"
        self.status, self.payment_status = "open", "unpaid"
        self.payment_method_types = kinds
        self.payment_intent = None
        self._intent_metadata = more["payment_intent_data"]["metadata"]

    def _tell(self, kind):
        resources.schedule_webhook(resources.Event(f"checkout.session.{kind}", self))

    @classmethod
    def _api_pay(cls, id, number):
        session = cls._api_retrieve(id)
        if session.status != "open":
            raise UserError(400, "Bad request")
        card = {"number": number, "exp_month": "12", "exp_year": "2034", "cvc": "123"}
        method = PaymentMethod(type="card", card=card)
        if session.payment_intent is None:
            made = PaymentIntent(
                amount=session.amount_total,
                currency=session.currency,
                metadata=session._intent_metadata,
            )
            session.payment_intent = made.id
        intent = PaymentIntent._api_retrieve(session.payment_intent)
        intent.payment_method, intent.latest_charge = method.id, None
        try:
            intent._confirm(on_failure_now=intent._report_failure)
        except UserError:
            return session  # the payer sees why and may try another card
        session.status, session.payment_status = "complete", "paid"
        session._tell("completed")
        return session

    @classmethod
    def _api_print(cls, id):
        """Leave the page with a voucher or an account to transfer to: nothing is paid yet."""
        session = cls._api_retrieve(id)
        (kind,) = session.payment_method_types
        if session.status != "open" or kind == "card":
            raise UserError(400, "Bad request")
        card = {"number": GOOD, "exp_month": "12", "exp_year": "2034", "cvc": "123"}
        intent = PaymentIntent(
            amount=session.amount_total,
            currency=session.currency,
            metadata=session._intent_metadata,
        )
        # What settles it in the end is a card of localstripe's, which has no vouchers.
        intent.payment_method = PaymentMethod(type="card", card=card).id
        intent.next_action = {"type": NEXT[kind]}
        intent.payment_method_types = [kind]
        session.payment_intent = intent.id
        session.status = "complete"
        session._tell("completed")
        return session

    @classmethod
    def _api_arrive(cls, id, paid):
        """Let the money of a voucher or transfer come in, or its days run out."""
        session = cls._api_retrieve(id)
        intent = PaymentIntent._api_retrieve(session.payment_intent)
        if intent.next_action is None:
            raise UserError(400, "Bad request")
        intent.next_action = None
        if paid == "true":
            intent._confirm(on_failure_now=intent._report_failure)
            (kind,) = session.payment_method_types
            intent.latest_charge.payment_method_details = {"type": kind}
            session.payment_status = "paid"
            session._tell("async_payment_succeeded")
        else:
            intent.payment_method, intent._ran_out = None, True
            session._tell("async_payment_failed")
        return session

    @classmethod
    def _api_expire(cls, id):
        session = cls._api_retrieve(id)
        if session.status != "open":
            raise UserError(400, "Only open sessions can be expired")
        session.status = "expired"
        session._tell("expired")
        return session


class Dispute(StripeObject):
    object = "dispute"
    _id_prefix = "dp_"

    def __init__(self, payment_intent, status, amount):
        super().__init__()
        self.payment_intent, self.status, self.amount = payment_intent, status, int(amount)
        self.reason = "fraudulent"
        charge = PaymentIntent._api_retrieve(payment_intent).latest_charge
        charge.disputed = True

    @classmethod
    def _api_list_all(cls, url, payment_intent=None, limit=None):
        found = super()._api_list_all(url, limit=limit)
        found._list = [one for one in found._list if one.payment_intent == payment_intent]
        return found


def balance_transactions(created=None, **query):
    """localstripe's, with the filter it lacks."""
    found = resources.BalanceTransaction._api_list_all("/v1/balance_transactions", **query)
    for name, wanted in (created or {}).items():
        compare = {"gte": int.__ge__, "lt": int.__lt__}[name]
        found._list = [one for one in found._list if compare(one.created, int(wanted))]
    return found


class Account(StripeObject):
    object = "account"
    _id_prefix = "acct_"

    def __init__(self):
        super().__init__()
        self.charges_enabled = True
        self.settings = {"dashboard": {"display_name": "Muebles La Esquina"}}

    @classmethod
    def _api_mine(cls):
        return cls()


@web.middleware
async def once(request, handler):
    """The same Idempotency-Key gets the same answer, as at Stripe."""
    key = request.headers.get("Idempotency-Key")
    name = (request.path, key)
    if key and name in answers:
        return web.Response(body=answers[name], content_type="application/json")
    answer = await handler(request)
    if key and answer.status == 200:
        answers[name] = answer.body
    return answer


@web.middleware
async def pinned(request, handler):
    if request.path.startswith("/v1/") and request.headers.get("Stripe-Version") != "2024-06-20":
        raise web.HTTPBadRequest(text=json.dumps({"error": "version"}))
    return await handler(request)


def main(port):
    resources.store.dump_to_disk = lambda: None  # what one run made is no other run's
    app = web.Application(
        middlewares=[server.error_middleware, server.auth_middleware, pinned, once]
    )
    own = (
        ("POST", "/v1/checkout/sessions/{id}/expire", Session._api_expire),
        ("POST", "/_test/sessions/{id}/pay", Session._api_pay),
        ("POST", "/_test/sessions/{id}/print", Session._api_print),
        ("POST", "/_test/sessions/{id}/arrive", Session._api_arrive),
        ("GET", "/v1/balance_transactions", balance_transactions),
        ("GET", "/v1/account", Account._api_mine),
    )
    for method, url, do in (*own, *extra_apis):
        app.router.add_route(method, url, server.api_extra(do, url))
    app.router.add_post("/v1/checkout/sessions", server.api_create(Session, ""))
    app.router.add_get("/v1/checkout/sessions/{id}", server.api_retrieve(Session, ""))
    for kind in (PaymentIntent, Charge, resources.Refund, resources.Customer, Dispute):
        url = f"/v1/{kind.object}s"
        app.router.add_post(url, server.api_create(kind, url))
        app.router.add_get(url + "/{id}", server.api_retrieve(kind, url))
        app.router.add_get(url, server.api_list_all(kind, url))
    app.router.add_post("/_config/webhooks/{id}", server.config_webhook)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
