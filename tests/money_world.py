"""A portfolio whose debtors pay by themselves: cases in memory, a provider that obeys."""

import threading
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.checkout import Pays, Target
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import PaymentProviderNotFound
from chalicelib.domain.ledger import balances
from chalicelib.domain.payment import (
    Back,
    BackKind,
    PaymentState,
    ProviderPayment,
    ProviderProblem,
    Started,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.services import checkouts, incoming, issued, receipts, unmatched
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of
from tests.fakes import MemoryCases

ALL = Target(pays=Pays.ALL)
BOSS = Actor(actor_id="user:boss", role=Role.SUPERVISOR, portfolios=("*",), name="Ana")
AGENT = Actor(actor_id="user:teo", role=Role.AGENT, portfolios=("*",), name="Teo")
PAGES = {"return_url": "https://x/pagar/{checkout_id}", "cancel_url": "https://x/pagar"}


class FakeProvider:
    """A provider that starts under the key it is given, and refunds under one too."""

    name = "sandbox"

    def __init__(self):
        self.started = {}
        self.closed = []
        self.refunds = {}
        self.problem = None
        self.states = {}
        self._lock = threading.Lock()

    def start(self, ask):
        if self.problem:
            raise self.problem
        with self._lock:
            self.started.setdefault(ask.key, ask)
        return Started(url=f"https://pay.example/{ask.key}", provider_id=f"ses_{ask.key}")

    def close(self, provider_id):
        self.closed.append(provider_id)
        return True

    def read(self, read_id):
        if read_id not in self.states:
            raise ProviderProblem("not_found")
        return self.states[read_id]

    def refund(self, payment_id, amount_minor, *, key):
        if self.problem:
            raise self.problem
        with self._lock:
            return self.refunds.setdefault(
                key,
                Back(
                    back_id=f"re_{len(self.refunds)}", kind=BackKind.REFUND,
                    amount_minor=amount_minor, at=NOW,
                ),
            )  # fmt: skip


class MemoryTray:
    """What ``store.documents.Documents`` promises of the tray, in a dictionary."""

    def __init__(self):
        self.rows = {}
        self._lock = threading.Lock()

    def add(self, one):
        with self._lock:
            if (one.portfolio_id, one.unmatched_id) in self.rows:
                return False
            self.rows[one.portfolio_id, one.unmatched_id] = one
            return True

    def get(self, portfolio_id, key):
        return self.rows.get((portfolio_id, key))

    def save(self, one):
        with self._lock:
            if self.rows[one.portfolio_id, one.unmatched_id].version != one.version:
                return None
            stored = replace(one, version=one.version + 1)
            self.rows[one.portfolio_id, one.unmatched_id] = stored
            return stored

    def page(self, portfolio_id, *, limit, cursor, state=None):
        found = [
            one
            for (owner, _), one in sorted(self.rows.items())
            if owner == portfolio_id and (state is None or one.state.value == state)
        ]
        return found[:limit], None


class Shelf:
    """Where documents are kept."""

    def __init__(self):
        self.objects = {}

    def write(self, key, body, *, content_type="application/json"):
        self.objects[key] = body

    def read(self, key):
        return self.objects.get(key)


class MoneyWorld:
    """
    Everything that paying needs.

    Args:
        cases: A store; in memory unless given.
    """

    def __init__(self, cases=None, portfolio=None, tray=None):
        self.portfolio = portfolio or a_portfolio()
        self.cases = cases if cases is not None else MemoryCases()
        self.tray = tray if tray is not None else MemoryTray()
        self.provider = FakeProvider()
        self.shelf = Shelf()
        self.references = {}
        self.now = NOW
        self._made = 0

    @property
    def pid(self):
        return self.portfolio.portfolio_id

    def a_case(self, *debts, key=None, **values):
        self._made += 1
        key = key or f"D-{self._made}"
        own = debts or (a_debt(f"F-{key}", self.pid),)
        change = change_of(a_draft(*own, portfolio=self.portfolio, key=key, **values))
        self.cases.commit(change)
        return change.after.case_id

    # Stores

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == self.pid else None

    def adapter(self, portfolio_id, name):
        if portfolio_id != self.pid or name != self.provider.name:
            raise PaymentProviderNotFound(provider=name)
        return self.provider

    # Means

    @property
    def paying(self):
        return checkouts.Means(
            cases=self.cases, portfolios=self, provider=self.adapter, site="https://x"
        )

    @property
    def receiving(self):
        issuing = issued.Means(files=self.shelf, site="https://x")
        return incoming.Means(
            cases=self.cases,
            portfolios=self,
            tray=self.tray,
            references=lambda pid, provider, reference: self.references.get(reference),
            follows=(receipts.follow(issuing, now=self.now),),
        )

    # What is done

    def start(self, case_id, target=ALL, **how):
        how = {"provider": "sandbox", "by": f"debtor:{case_id}", "language": "es"} | PAGES | how
        return checkouts.start(case_id, target, means=self.paying, now=self.now, **how)

    def paid(self, reference, amount=100_000, *backs, **values):
        base = {
            "provider": "sandbox", "state": PaymentState.PAID, "amount_minor": amount,
            "currency": "MXN", "payment_id": "pay_1", "reference": reference,
            "paid_at": self.now, "method": "card", "backs": tuple(backs),
        }  # fmt: skip
        return ProviderPayment(**base | values)

    def take(self, payment):
        return incoming.take(payment, portfolio_id=self.pid, means=self.receiving, now=self.now)

    def assign(self, unmatched_id, case_id, actor=BOSS):
        return unmatched.assign(
            self.pid, unmatched_id, case_id=case_id, debt_id=None, actor=actor, tray=self.tray,
            means=self.receiving, now=self.now,
        )  # fmt: skip

    def bring(self, unmatched_id, actor=BOSS):
        return unmatched.bring(
            self.pid, unmatched_id, actor=actor, tray=self.tray, means=self.receiving,
            now=self.now,
        )  # fmt: skip

    def merge(self, gone_id, into_id, reference="mrg_1", *, undo=False):
        gone, into = (
            Draft(self.cases.open(case_id), self.portfolio, actor="user:ana", now=self.now)
            for case_id in (gone_id, into_id)
        )
        if undo:
            gone.take_back(into, reference=reference)
        else:
            gone.hand_over(into, reference=reference)
        self.cases.commit(change_of(gone), change_of(into))

    def send_back(self, unmatched_id, actor=BOSS):
        return unmatched.send_back(
            self.pid, unmatched_id, actor=actor, tray=self.tray, providers=self.adapter,
            now=self.now,
        )  # fmt: skip

    def owed(self, case_id):
        return sum(b.total_minor for b in balances(self.cases.open(case_id).entries).values())

    def wait(self, **time):
        self.now += timedelta(**time)
