"""One debtor, what is planned for them, and a provider that takes it, in memory."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.case import ContactKind
from chalicelib.domain.contact import Cause, Channel
from chalicelib.domain.draft import Draft
from chalicelib.services import dispatch
from tests.builders import a_debt as debt_of
from tests.builders import a_draft, a_portfolio, an_attempt, change_of
from tests.contact_world import Provider, means
from tests.fakes import MemoryCases

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)  # a Tuesday in Mexico City
NIGHT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DUE = debt_of().due_on


class World:
    def __init__(self):
        self.cases, self.portfolio, self.provider = MemoryCases(), a_portfolio(), Provider()
        self.problems = []
        draft = a_draft(debt_of(), portfolio=self.portfolio)
        draft.put_contact(ContactKind.EMAIL, "ana@example.mx")
        change = change_of(draft)
        self.cases.commit(change)
        self.case_id = change.after.case_id

    @property
    def file(self):
        return self.cases.open(self.case_id)

    def do(self, *steps, now=NOON):
        draft = Draft(self.file, self.portfolio, actor="user:ana", now=now)
        for step in steps:
            step(draft)
        self.cases.commit(change_of(draft))

    def plan(self, key="att_1", **values):
        base = {"channel": Channel.SMS, "contact_id": "", "not_before": None, "fallback": ()}
        base["cause"] = Cause(kind="strategy", strategy="str_1@1", step="d0", anchor=DUE)
        self.do(lambda d: d.plan(an_attempt(key, **base | values)), now=NOON - timedelta(hours=1))

    def deliver(self, key="att_1", now=NOON, cases=None, turn=None, **more):
        using = means(
            cases or self.cases,
            self.portfolio,
            self.provider,
            problem=self.problems.append,
            **more,
        )
        return dispatch.deliver(self.case_id, key, means=using, now=now, turn=turn)

    def attempt(self, key="att_1"):
        return next(one for one in self.file.attempts if one.attempt_id == key)
