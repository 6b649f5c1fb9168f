"""What visits do to a case: they are received, their photos arrive, a person judges them."""

from dataclasses import replace

from chalicelib.domain.case import PromiseState
from chalicelib.domain.draft_field import DraftField
from chalicelib.domain.errors import VisitNotFound, VisitSettled
from chalicelib.domain.visit import (
    PHOTOS_LATE,
    Arrived,
    Mark,
    Review,
    Standing,
    Visit,
    VisitState,
)


class DraftVisits(DraftField):
    """A draft on which visits are recorded; see ``domain.draft``."""

    def visit(self, visit: Visit, marks: tuple[Mark, ...] = ()) -> bool:
        """
        Record a visit; one that is there already changes nothing.

        A void case takes it too: what took place is never refused.

        Args:
            marks: What later visits are to be held against.
        """
        if visit.visit_id in self._visits:
            return False
        self._put_visit(visit)
        self._put_marks += (Mark(family="visit", value=visit.visit_id, of=self.case_id), *marks)
        report, found = visit.report, visit.findings
        facts = {
            "visit_id": visit.visit_id,
            "kind": report.kind.value,
            "at": visit.at.isoformat(),
            "person_id": visit.person_id,
            "device_id": report.device_id,
            "address_id": report.address_id or "",
            "assignment_id": report.assignment_id or "",
            "disposition": report.disposition,
            "met": report.met.who if report.met else "",
            "exception": report.exception.reason if report.exception else "",
            "form": f"{report.form.form_id}@{report.form.version}" if report.form else "",
            "phone_verdict": report.verdict.verdict,
            "verdict": found.verdict.verdict,
            "reasons": list(found.verdict.reasons),
            "trust": found.trust.score,
            "counted": found.counted,
            "doubts": list(found.doubts),
            "conflicts": [one.code for one in found.clashes],
            "photos": len(report.photos),
            "digest": visit.digest,
            "signature": visit.signature,
        }
        facts = {name: value for name, value in facts.items() if value not in ("", [])}
        self._tell("visit.received", facts, {"note": report.note} if report.note else {})
        return True

    def photo_arrived(self, visit_id: str, arrived: Arrived) -> bool:
        """
        Note that a photo's bytes have come; says whether that was news.

        The same fault of it again is none. With the last one goes the doubt that it was late.

        Raises:
            VisitNotFound: No such visit in this case.
        """
        known = self._visit(visit_id)
        if arrived.photo_id not in known.wanted:
            return False
        before = next((one for one in known.arrived if one.photo_id == arrived.photo_id), None)
        if before is not None and before.problem == arrived.problem:
            return False
        others = tuple(one for one in known.arrived if one.photo_id != arrived.photo_id)
        noted = replace(known, arrived=(*others, arrived))
        if not noted.wanted:
            noted = _undoubted(replace(noted, state=VisitState.COMPLETE))
        self._put_visit(noted)
        facts = {"visit_id": visit_id, "photo_id": arrived.photo_id, "problem": arrived.problem}
        facts = {name: value for name, value in facts.items() if value}
        self._tell("visit.photo_refused" if arrived.problem else "visit.photo", facts, {})
        return True

    def photos_late(self, visit_id: str) -> bool:
        """
        Put a visit before a person because photos of it have not come; says whether that was news.

        Raises:
            VisitNotFound: No such visit in this case.
        """
        known = self._visit(visit_id)
        if not known.looked_for:
            return False
        found = replace(known.findings, doubts=(*known.findings.doubts, PHOTOS_LATE))
        waits = known.standing is Standing.RECEIVED
        standing = Standing.REVIEW if waits else known.standing
        self._put_visit(replace(known, findings=found, standing=standing))
        self._tell("visit.photos_late", {"visit_id": visit_id, "photos": list(known.wanted)}, {})
        return True

    def review_visit(self, visit_id: str, *, accepted: bool, reason: str = "") -> bool:
        """
        Accept or reject a visit; a rejected one's open promise is taken back.

        What contact did stays done: the attempt keeps its place under the caps. Safe to repeat.

        Raises:
            VisitNotFound: No such visit in this case.
            VisitSettled: Somebody decided the other way.
        """
        known = self._visit(visit_id)
        standing = Standing.ACCEPTED if accepted else Standing.REJECTED
        if known.standing is standing:
            return False
        if known.review is not None:
            raise VisitSettled(visit_id=visit_id, state=known.standing.value)
        review = Review(accepted=accepted, by=self._actor, at=self._now, reason=reason)
        self._put_visit(replace(known, standing=standing, review=review))
        kind = f"visit.{standing.value}"
        self._tell(kind, {"visit_id": visit_id}, {"reason": reason} if reason else {})
        promised = known.report.promise
        if not accepted and promised is not None:
            made = self._promises.get(promised.promise_id)
            if made is not None and made.state is PromiseState.OPEN:
                self.cancel_promise(promised.promise_id)
        return True

    def tell_result(self, visit_id: str) -> bool:
        """Note that a visit's result is being told; says whether it was not yet."""
        known = self._visit(visit_id)
        if known.told_at is not None:
            return False
        self._put_visit(replace(known, told_at=self._now))
        self._tell("visit.told", {"visit_id": visit_id}, {})
        return True

    def leave_mark(self, mark: Mark) -> None:
        """Leave something to be found by, together with what else this change does."""
        self._put_marks += (mark,)

    def settle_point(
        self, mark: Mark, address_id: str, *, accepted: bool, visits: tuple[str, ...]
    ) -> None:
        """Say what became of a point that visits proposed for an address."""
        self._gone_marks += (mark,)
        kind = "address.point_learned" if accepted else "address.point_declined"
        self._tell(kind, {"address_id": address_id, "visits": list(visits)}, {})

    # Private

    def _visit(self, visit_id: str) -> Visit:
        known = self._visits.get(visit_id)
        if known is None:
            raise VisitNotFound(visit_id=visit_id)
        return known

    def _put_visit(self, visit: Visit) -> None:
        self._visits[visit.visit_id] = self._put_visits[visit.visit_id] = visit


def _undoubted(visit: Visit) -> Visit:
    """The visit without the doubt about its photos; nobody need look when that was the only one."""
    if PHOTOS_LATE not in visit.findings.doubts:
        return visit
    doubts = tuple(one for one in visit.findings.doubts if one != PHOTOS_LATE)
    settled = doubts or visit.standing is not Standing.REVIEW
    return replace(
        visit,
        findings=replace(visit.findings, doubts=doubts),
        standing=visit.standing if settled else Standing.RECEIVED,
    )
