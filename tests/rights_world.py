"""A portfolio whose people ask about their own data, in memory."""

from dataclasses import replace

from chalicelib.domain.case import ContactKind
from chalicelib.domain.data_request import RequestKind, RequestWay
from chalicelib.domain.people import Actor, Role
from chalicelib.services import data_requests
from chalicelib.services.data_requests import Asked, Means
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of
from tests.document_fakes import MemoryRequests
from tests.fakes import MemoryCases

PID = "prt_test"
EVA = Actor(actor_id="user:eva", role=Role.SUPERVISOR, portfolios=(PID,), name="Eva")
ROOT = Actor(actor_id="user:root", role=Role.ADMIN, portfolios=("*",), name="Root")
TEO = Actor(actor_id="user:teo", role=Role.AGENT, portfolios=(PID,), name="Teo")
STRANGER = replace(EVA, actor_id="user:sue", portfolios=("prt_other",))


class Everybody:
    """People of whom everybody works on everything."""

    def get(self, person_id):
        return None

    def page(self, *, limit, cursor):
        return [], None


class World:
    def __init__(self, country="MX"):
        self.portfolio = a_portfolio(PID, country)
        self.cases = MemoryCases()
        self.requests = MemoryRequests()
        self.means = Means(
            requests=self.requests,
            cases=self.cases,
            portfolios={PID: self.portfolio},
            people=Everybody(),
        )

    def case(self, key="D-1", *, tax_id="", name="Ofelia Ibarra", phone="", **values):
        """Have a case that owes 1,000.00; gives its id."""
        draft = a_draft(
            a_debt(f"F-{key}", PID), portfolio=self.portfolio, key=key, name=name, tax_id=tax_id,
            **values,
        )  # fmt: skip
        if phone:
            draft.put_contact(ContactKind.PHONE, phone, source="upload")
        change = change_of(draft)
        self.cases.commit(change)
        return change.after.case_id

    def ask(self, *case_ids, kind=RequestKind.ACCESS, key="k", by=EVA, now=NOW, **values):
        asked = Asked(kind=kind, way=RequestWay.EMAIL, case_ids=case_ids, **values)
        return data_requests.take_in(PID, asked, key=key, actor=by, means=self.means, now=now)

    def do(self, one, step, *, by=EVA, now=NOW, version=None):
        return data_requests.change(
            PID, one.request_id, version or one.version, step, actor=by, means=self.means, now=now
        )

    def told(self, case_id):
        """What the case's timeline tells of requests."""
        events = self.cases.open(case_id).events
        return [event for event in events if event.kind.startswith("rights.")]
