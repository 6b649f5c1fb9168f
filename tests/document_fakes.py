"""Small things kept whole under a version, in memory, as ``store.documents`` keeps them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.data_request import (
    DataRequest,
    RequestKind,
    RequestState,
    RequestTerm,
    RequestWay,
    Step,
)
from chalicelib.domain.due_times import Days, Every, Rhythm
from chalicelib.domain.plain import to_plain
from chalicelib.domain.report_schedule import ReportSchedule, ScheduleState
from chalicelib.domain.saved_report import SavedReport
from chalicelib.store.documents import opened, sealed
from tests.builders import NOW


class MemoryDocuments:
    """
    Args:
        key: The field that names one within its portfolio.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._kept: dict[tuple[str, str], Any] = {}

    def add(self, document):
        return self._kept.setdefault(self._place(document), document) == document

    def get(self, portfolio_id, key):
        return self._kept.get((portfolio_id, key))

    def save(self, document):
        before = self._kept.get(self._place(document))
        stored = replace(document, version=document.version + 1)
        if before is None or (before.version != document.version and before != stored):
            return None
        self._kept[self._place(document)] = stored
        return stored

    def page(self, portfolio_id, *, limit, cursor, state=None):
        after = opened(cursor) if cursor else ""
        mine = sorted(
            (
                (key, one)
                for (owner, key), one in self._kept.items()
                if owner == portfolio_id and key > after
            ),
            key=lambda pair: pair[0],
        )
        found = [(key, one) for key, one in mine if state in (None, to_plain(one).get("state"))]
        more = sealed(found[limit - 1][0]) if len(found) > limit else None
        return [one for _, one in found[:limit]], more

    def _place(self, document):
        return getattr(document, "portfolio_id", ""), getattr(document, self._key)


class MemoryReports(MemoryDocuments):
    def __init__(self):
        super().__init__("report_id")

    def kept(self, portfolio_id, *, limit, cursor):
        return self.page(portfolio_id, limit=limit, cursor=cursor, state="kept")


class MemoryShared(MemoryDocuments):
    def __init__(self):
        super().__init__("link_id")
        self.events = []

    def audit(self, event):
        self.events.append(event)


class MemoryViews(MemoryDocuments):
    def __init__(self):
        super().__init__("view_id")

    def all(self, portfolio_id):
        return self.page(portfolio_id, limit=10**6, cursor=None)[0]

    def remove(self, view):
        self._kept.pop(self._place(view), None)


class MemorySchedules(MemoryDocuments):
    def __init__(self):
        super().__init__("schedule_id")
        self.events = []

    def remove(self, schedule):
        if self.get(schedule.portfolio_id, schedule.schedule_id) != schedule:
            return False
        self._kept.pop(self._place(schedule))
        return True

    def due(self, now, *, limit):
        found = sorted(
            (one.next_at, one.portfolio_id, one.schedule_id)
            for one in self._kept.values()
            if one.state is ScheduleState.ACTIVE and one.next_at <= now
        )
        return [(owner, one, at) for at, owner, one in found][:limit]

    def audit(self, event):
        self.events.append(event)


class MemoryRequests(MemoryDocuments):
    def __init__(self):
        super().__init__("request_id")

    def listed(self, portfolio_id, *, live, limit, cursor):
        after = opened(cursor) if cursor else ""
        mine = [
            (f"{one.due_on if live else one.ended_at}#{one.request_id}", one)
            for (owner, _), one in self._kept.items()
            if owner == portfolio_id and one.live is live
        ]
        mine.sort(key=lambda pair: pair[0], reverse=not live)
        left = [p for p in mine if not after or (p[0] > after if live else p[0] < after)]
        more = sealed(left[limit - 1][0]) if len(left) > limit else None
        return [one for _, one in left[:limit]], more

    def due(self, portfolio_id, until, *, most):
        days = sorted(
            one.due_on
            for (owner, _), one in self._kept.items()
            if owner == portfolio_id and one.live and one.due_on <= until
        )
        return days[:most]

    def of_case(self, portfolio_id, case_id):
        mine = [
            one
            for (owner, _), one in self._kept.items()
            if owner == portfolio_id and case_id in one.case_ids
        ]
        return sorted(mine, key=lambda one: (one.made_at, one.request_id))


class MemoryBoxes(MemoryDocuments):
    """What people are still to be told."""

    def __init__(self):
        super().__init__("person_id")

    def due(self, now, *, limit):
        minute = now.replace(second=59, microsecond=999_999)
        found = sorted(
            (one.next_at, one.portfolio_id, one.person_id)
            for one in self._kept.values()
            if one.next_at is not None and one.next_at <= minute
        )
        return [(owner, one, at) for at, owner, one in found][:limit]


class MemoryMailings(MemoryDocuments):
    def __init__(self):
        super().__init__("key")

    def newest(self, portfolio_id, schedule_id, *, limit):
        mine = [
            one
            for (owner, key), one in sorted(self._kept.items(), reverse=True)
            if owner == portfolio_id and key.startswith(f"{schedule_id}#")
        ]
        return mine[:limit]


def a_schedule(pid, number=1, **values):
    base = {
        "schedule_id": f"rsc_{number}",
        "portfolio_id": pid,
        "report_id": "rep_001",
        "rhythm": Rhythm(every=Every.WEEK, hour=8, weekday=1),
        "days": Days.LAST_WEEK,
        "file": "pdf",
        "compare": False,
        "people": ("ana",),
        "outside": (),
        "next_at": NOW,
        "created_by": "user:ana",
        "created_at": NOW,
        "updated_by": "user:ana",
        "updated_at": NOW,
    }
    return ReportSchedule(**base | values)


def a_request(pid, number=1, **values):
    term = RequestTerm(
        law="LFPDPPP",
        article="art. 31",
        days=20,
        unit="business",
        carry_days=15,
        extend_days=20,
        own=False,
        answer_by=values.pop("answer_by", NOW.date() + timedelta(days=20)),
    )
    base = {
        "request_id": f"drq_{number}",
        "portfolio_id": pid,
        "kind": RequestKind.ACCESS,
        "way": RequestWay.EMAIL,
        "state": RequestState.RECEIVED,
        "received_on": NOW.date(),
        "made_at": NOW,
        "made_by": "user:ana",
        "term": term,
        "name": "Ofelia Ibarra",
        "steps": (Step(at=NOW, actor="user:ana", act="received"),),
        "told": 1,
    }
    return DataRequest(**base | values)


def a_report(pid, number=1, **values):
    base = {
        "report_id": f"rep_{number:03d}",
        "portfolio_id": pid,
        "name": "Señales",
        "measures": ("attempts", "contact_rate"),
        "dimensions": ("channel",),
        "filters": (("channel", ("call", "")),),
        "limit": 20,
        "period": "month",
        "compare": True,
        "created_by": "user:ana",
        "created_at": NOW,
        "updated_by": "user:ana",
        "updated_at": NOW,
    }
    return SavedReport(**base | values)
