"""One tray for all that waits for a second person; whoever made a thing never decides on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.agreement_policy import Approver
from chalicelib.domain.agreements import AgreementKind, AgreementState
from chalicelib.domain.cash import Deposit, DepositState
from chalicelib.domain.charge_off import ChargeOffReason
from chalicelib.domain.correction import CorrectionKind, CorrectionState
from chalicelib.domain.data_request import RequestKind
from chalicelib.domain.erasure import Erasure, ErasureState
from chalicelib.domain.errors import (
    BadField,
    CashOwn,
    CorrectionNotFound,
    CorrectionSettled,
    NotAllowed,
    OverLimit,
    OwnAgreement,
    OwnRequest,
    PortfolioNotFound,
)
from chalicelib.domain.merge import Merge, MergeState
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import Component, RoleLimits
from chalicelib.domain.reported import Reported, ReportedState
from chalicelib.services import (
    agreement_offers,
    agreements,
    approvals,
    cash_desk,
    charge_offs,
    corrections,
    erasures,
    visit_points,
)
from chalicelib.services.approvals import Kind
from tests.agreement_world import SIX
from tests.builders import NOW
from tests.document_fakes import MemoryRequests, a_request
from tests.upload_fakes import MemoryMerges
from tests.visit_world import Street

PID = "prt_test"
BOSS = Actor(actor_id="user:boss", role=Role.SUPERVISOR, portfolios=(PID,), name="Eva")
OTHER = replace(BOSS, actor_id="user:sue", name="Sue")
ADMIN = replace(BOSS, actor_id="user:root", role=Role.ADMIN)
AGENT = replace(BOSS, actor_id="user:teo", role=Role.AGENT)


class MemoryCorrections:
    """What ``store.documents.Documents`` promises, in a dictionary."""

    def __init__(self):
        self.kept = {}

    def add(self, document):
        return self.kept.setdefault(document.correction_id, document) is document

    def get(self, portfolio_id, key):
        found = self.kept.get(key)
        return found if found and found.portfolio_id == portfolio_id else None

    def save(self, document):
        if self.kept[document.correction_id].version != document.version:
            return None
        self.kept[document.correction_id] = replace(document, version=document.version + 1)
        return self.kept[document.correction_id]

    def page(self, portfolio_id, *, limit, cursor, state=None):
        found = [one for one in self.kept.values() if state in (None, one.state.value)]
        return found[:limit], None


class Deposits:
    def __init__(self):
        self.kept = []

    def deposits(self, portfolio_id):
        return self.kept

    def deposit(self, portfolio_id, deposit_id):
        return next((one for one in self.kept if one.deposit_id == deposit_id), None)


class World(Street):
    """A case with a door, in which anybody may have made anything that waits."""

    def __init__(self):
        super().__init__()
        self.corrections, self.deposits = MemoryCorrections(), Deposits()
        self.merges, self.requests = MemoryMerges(), MemoryRequests()
        limits = RoleLimits(supervisor_adjustment_minor=20_000)
        self.portfolio = replace(
            self.portfolio, policies=replace(self.portfolio.policies, role_limits=limits)
        )

    @property
    def stores(self):
        return {"cases": self.cases, "portfolios": self, "now": NOW}

    def tray(self, actor=BOSS, kind=None):
        means = approvals.Means(
            cases=self.cases,
            portfolios=self,
            corrections=self.corrections,
            cash=self.deposits,
            merges=self.merges,
            requests=self.requests,
        )
        return approvals.tray(
            PID, kind=kind, actor=actor, means=means, now=NOW,
            people=lambda ids: dict.fromkeys(ids, "Eva"),
        )  # fmt: skip

    def ask(self, actor=BOSS, minor=10_000, key="k", kind=CorrectionKind.WAIVER, **more):
        asked = {
            "debt_id": self.file.debts[0].debt_id,
            "component": Component.PRINCIPAL,
            "amount_minor": minor,
            "reason": "Perdió su casa",
            "key": key,
        } | more
        return corrections.ask(
            self.case_id, kind, corrections=self.corrections, actor=actor, **asked, **self.stores
        )

    def decide(self, asked, actor=OTHER, approved=True, answer=""):
        return corrections.decide(
            PID, asked.correction_id, approved=approved, answer=answer,
            corrections=self.corrections, actor=actor, **self.stores,
        )  # fmt: skip

    # What somebody (Eva) made, by kind

    def make_agreement(self):
        found = agreement_offers.simulate(
            self.file, self.portfolio, SIX, kind=AgreementKind.PLAN, debt_ids=(), now=NOW
        )
        drawn = agreement_offers.drawn_up(
            self.file, self.portfolio, found, agreement_id="agr_1", kind=AgreementKind.PLAN,
            debt_ids=(), by=BOSS.actor_id, now=NOW,
        )  # fmt: skip
        self.do(lambda draft: draft.propose(replace(drawn, state=AgreementState.PENDING)))

    def make_correction(self):
        self.ask()

    def make_cash(self):
        self.deposits.kept.append(
            Deposit(
                deposit_id="dep_1", portfolio_id=PID, person_id="boss", amount_minor=500,
                currency="MXN", at=NOW, declared_at=NOW, way="office", reference="", slip="",
                state=DepositState.DECLARED,
            )
        )  # fmt: skip

    def make_point(self, *visitors):
        for number, who in enumerate(visitors or ("boss", "luis", "mia")):
            self.report(
                actor=replace(AGENT, actor_id=f"user:{who}"),
                visit_id=f"vis_000000000{number}",
                metres=60 + number,
                device_id=f"dev_000000000{number}",
            )

    def make_merge(self):
        self.merges.add(
            Merge(
                merge_id="mrg_1", portfolio_id=PID, case_ids=(self.case_id, self.case_id),
                state=MergeState.PROPOSED, score=90, reasons=("phone",), created_at=NOW,
                updated_at=NOW,
            )
        )  # fmt: skip

    def make_reported(self):
        self.do(
            lambda draft: draft.report_payment(
                Reported(
                    reported_id="rep_1", state=ReportedState.WAITING, amount_minor=500,
                    paid_on=date(2026, 11, 20), source="self_pay", at=NOW, by="debtor:x",
                )
            )
        )  # fmt: skip

    def make_charge_off(self):
        charge_offs.ask(
            self.case_id, debt_ids=[self.file.debts[0].debt_id], reason=ChargeOffReason.AGE,
            on=None, note="Nadie contesta", key="k", actor=BOSS, **self.stores,
        )  # fmt: skip

    def make_erasure(self):
        asked = Erasure(state=ErasureState.ASKED, asked_by=BOSS.actor_id, asked_at=NOW, note="Pide")
        self.requests.add(a_request(PID, kind=RequestKind.ERASURE, erasure=asked))

    # Deciding on it, by kind

    def decide_agreement(self, actor):
        agreements.decide(self.case_id, "agr_1", approved=True, actor=actor, **self.stores)

    def decide_correction(self, actor):
        self.decide(next(iter(self.corrections.kept.values())), actor)

    def decide_erasure(self, actor):
        one = self.requests.get(PID, "drq_1")
        erasures.reject("No", actor=actor, now=NOW)(one, self.portfolio)

    def decide_cash(self, actor):
        cash_desk.count(
            "dep_1", portfolio_id=PID, counted_minor=500, reason="", actor=actor,
            book=self.deposits, portfolios=self, now=NOW,
        )  # fmt: skip

    def decide_charge_off(self, actor):
        [one] = self.file.debts[0].charge_offs
        charge_offs.decide(
            self.case_id, one.charge_off_id, what=charge_offs.What.CHARGE_OFF, approved=True,
            answer="", actor=actor, **self.stores,
        )  # fmt: skip

    def decide_point(self, actor):
        address = self.file.addresses[0].address_id
        visit_points.decide(self.case_id, address, accept=True, actor=actor, **self.stores)


@pytest.fixture
def world():
    return World()


# What a person can have made is refused to that person; the rest a machine or a debtor made.
OWN = {
    Kind.AGREEMENT: OwnAgreement,
    Kind.CORRECTION: OwnRequest,
    Kind.CASH: CashOwn,
    Kind.POINT: OwnRequest,
    Kind.CHARGE_OFF: OwnRequest,
    Kind.ERASURE: OwnRequest,
}


@pytest.mark.parametrize("kind", Kind)
def test_no_maker_is_the_checker_of_any_kind(world, kind):
    getattr(world, f"make_{kind.value}")()

    [mine] = world.tray(BOSS, kind)["items"]

    if kind not in OWN:
        assert mine["asked_by"] is None  # nobody of the house made it
        return
    assert (mine["own"], mine["can_decide"]) == (True, False)
    with pytest.raises(OWN[kind]):
        getattr(world, f"decide_{kind.value}")(BOSS)
    [theirs] = world.tray(ADMIN, kind)["items"]
    assert (theirs["own"], theirs["can_decide"]) == (False, True)


def test_all_kinds_are_counted_with_their_age_and_listed_oldest_first(world):
    for kind in Kind:
        getattr(world, f"make_{kind.value}")()

    shown = world.tray()

    assert {one["kind"]: one["count"] for one in shown["kinds"]} == dict.fromkeys(Kind, 1)
    assert all(one["oldest_at"] is not None for one in shown["kinds"])
    assert [one["asked_at"] for one in shown["items"]] == sorted(
        one["asked_at"] for one in shown["items"]
    )
    assert {one["kind"]: one["yours"] for one in shown["kinds"]} == {
        kind: kind not in OWN for kind in Kind
    }
    only = world.tray(kind=Kind.CASH)
    assert [one["kind"] for one in only["items"]] == [Kind.CASH]
    assert len(only["kinds"]) == len(Kind)


def test_an_empty_tray_says_so(world):
    shown = world.tray()

    assert shown["items"] == []
    assert all((one["count"], one["oldest_at"]) == (0, None) for one in shown["kinds"])


@pytest.mark.parametrize(("role", "portfolios", "error"), [
    (Role.AGENT, (PID,), NotAllowed), (Role.SUPERVISOR, ("prt_other",), PortfolioNotFound),
])  # fmt: skip
def test_only_who_manages_the_portfolio_sees_its_tray(world, role, portfolios, error):
    with pytest.raises(error):
        world.tray(replace(BOSS, role=role, portfolios=portfolios))


def test_what_wants_an_admin_is_not_for_a_supervisor(world):
    world.make_agreement()
    world.do(
        lambda draft: draft._put_agreement(
            replace(draft.agreement("agr_1"), approver=Approver.ADMIN)
        )
    )
    world.ask(AGENT, minor=30_000)

    assert [one["can_decide"] for one in world.tray(OTHER)["items"]] == [False, False]
    assert [one["can_decide"] for one in world.tray(ADMIN)["items"]] == [True, True]


# Corrections beyond one's limit


def test_what_was_asked_is_posted_once_in_the_name_of_who_allowed_it(world):
    before = world.file.head.balance_minor
    asked = world.ask(AGENT)
    assert world.ask(AGENT) == asked  # the same request again
    assert world.file.head.balance_minor == before

    decided = world.decide(asked)
    world.decide(asked)

    assert (decided.state, decided.decided_by) == (CorrectionState.APPROVED, "user:sue")
    assert world.file.head.balance_minor == before - 10_000
    told = [one for one in world.file.events if one.kind in ("correction.asked", "waiver.posted")]
    assert [(one.kind, one.actor) for one in told] == [
        ("correction.asked", "user:teo"), ("waiver.posted", "user:sue"),
    ]  # fmt: skip
    assert world.tray()["items"] == []


def test_an_adjustment_is_asked_for_in_the_same_way(world):
    before = world.file.head.balance_minor
    asked = world.ask(AGENT, minor=-2_500, kind=CorrectionKind.ADJUSTMENT)
    world.decide(asked)

    assert world.file.head.balance_minor == before - 2_500


def test_a_no_has_a_reason_and_posts_nothing(world):
    before = world.file.head.balance_minor
    asked = world.ask(AGENT)
    with pytest.raises(BadField):
        world.decide(asked, approved=False)
    decided = world.decide(asked, approved=False, answer="Puede pagar")

    assert decided.state is CorrectionState.REFUSED
    assert world.file.head.balance_minor == before
    with pytest.raises(CorrectionSettled):
        world.decide(asked)


def test_of_two_who_decide_at_once_one_has_his_way(world):
    asked = world.ask(AGENT)
    world.decide(asked, approved=False, answer="No")
    world.corrections.kept[asked.correction_id] = asked  # as the other one had read it

    with pytest.raises(CorrectionSettled):
        world.decide(asked, ADMIN)
    assert not [one for one in world.file.events if one.kind == "waiver.posted"]


def test_nobody_allows_more_than_they_may_post_themselves(world):
    asked = world.ask(AGENT, minor=20_001)
    with pytest.raises(OverLimit):
        world.decide(asked, OTHER)
    assert world.corrections.kept[asked.correction_id].state is CorrectionState.WAITING

    assert world.decide(asked, ADMIN).state is CorrectionState.APPROVED


@pytest.mark.parametrize("more", [
    {"minor": 0}, {"minor": 10**9}, {"reason": " "},
])  # fmt: skip
def test_what_nobody_could_post_is_not_asked_for(world, more):
    with pytest.raises(BadField):
        world.ask(AGENT, **more)
    assert not world.corrections.kept


def test_others_requests_are_nobodys(world):
    asked = world.ask(AGENT)

    with pytest.raises(PortfolioNotFound):
        world.decide(asked, replace(OTHER, portfolios=("prt_other",)))
    with pytest.raises(CorrectionNotFound):
        world.decide(replace(asked, correction_id="cor_none"))


def test_the_oldest_request_comes_first(world):
    first = world.ask(AGENT, key="a", minor=1)
    second = world.ask(AGENT, key="b", minor=2)
    world.corrections.kept[first.correction_id] = replace(
        first, asked_at=NOW + timedelta(minutes=1)
    )

    found = world.tray(kind=Kind.CORRECTION)["items"]

    assert [one["key"] for one in found] == [second.correction_id, first.correction_id]
