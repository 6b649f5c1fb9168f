"""A person with something of their own in every drawer, and another beside them."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib import wiring
from chalicelib.domain import ids
from chalicelib.domain.bulk import BulkAction, BulkJob, BulkState, Sample
from chalicelib.domain.case import Address, ContactKind, PointQuality
from chalicelib.domain.contact import (
    Attempt,
    AttemptState,
    Cause,
    Channel,
    ConsentState,
    Content,
    Direction,
    HoldReason,
    Ruling,
)
from chalicelib.domain.conversation import (
    Conversation,
    Message,
    conversation_id,
    page_conversation_id,
)
from chalicelib.domain.correction import Correction, CorrectionKind, CorrectionState
from chalicelib.domain.creditor_paper import CreditorPaper, PaperKind
from chalicelib.domain.dispute import Dispute, DisputeKind, DisputeState, Evidence, Side
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.dry_run import DryRun
from chalicelib.domain.export import Export
from chalicelib.domain.links_of_case import MadeLink
from chalicelib.domain.plain import from_plain
from chalicelib.domain.portfolio import Component
from chalicelib.domain.reported import Reported, ReportedState
from chalicelib.domain.saved_view import SavedView
from chalicelib.domain.task import Task, TaskKind, TaskState
from chalicelib.domain.visit import (
    Findings,
    Judgement,
    Report,
    Standing,
    Trusted,
    Visit,
    VisitState,
)
from chalicelib.domain.wish import ContactWish
from chalicelib.services import issued, visit_judging
from tests.builders import a_debt, a_draft, change_of, reopened
from tests.visit_world import a_report


@dataclass
class Person:
    """Whose every value bears a word of their own."""

    word: str
    phone: str
    digit: str

    @property
    def name(self):
        return f"Zoraida {self.word.title()} Quetzal"

    @property
    def tax_id(self):
        return f"{self.word[:4].upper()}80010{self.digit}AB1"

    @property
    def email(self):
        return f"zoraida@{self.word}.mx"

    def says(self, where):
        return f"{where} {self.word} {self.phone}"

    @property
    def markers(self):
        """What nothing that stays may hold: the values as they are, and as they are disguised."""
        plain = {self.word, self.phone, self.phone[1:], self.phone[3:], self.tax_id, self.email}
        plain |= {self.word.upper(), self.word.title(), self.tax_id.lower()}
        found = {one.encode() for one in plain}
        for one in (self.phone, self.phone[1:], self.email, self.tax_id, self.name):
            raw = one.encode()
            found.add(hashlib.sha256(raw).hexdigest().encode())
            for shift in range(3):  # base64 in whatever place it stands
                text = base64.b64encode(b"\0" * shift + raw + b"\0\0\0")
                found.add(text[-(-shift * 8 // 6) + bool(shift) : len(raw) * 8 // 6 - 1])
        return {one for one in found if len(one) >= 6}


class Drawers:
    """
    Args:
        now: Of all that happens.
    """

    def __init__(self, portfolio_id, now):
        self.portfolio = wiring.portfolios().get(portfolio_id)
        self.pid, self.now = portfolio_id, now

    def person(self, who, *, key):
        """Have a settled case with something everywhere; gives its id."""
        case_id = self._case(who, key)
        self._merged(who, case_id, f"{key}-old")
        self._spoken(who, case_id)
        self._listed(who, case_id)
        return case_id

    def change(self, case_id, *steps):
        for step in steps:
            draft = reopened(wiring.cases().open(case_id), self.portfolio, self.now)
            step(draft)
            change = draft.change()
            if change is not None:
                wiring.cases().commit(change)

    def file(self, key, who):
        wiring.evidence_files().write(key, f"%PDF {who.says('archivo')}".encode())
        wiring.evidence_files().write(key, f"%PDF {who.says('otra versión')}".encode())
        return key

    # Private

    def _case(self, who, key):
        pid, now = self.pid, self.now
        debt = a_debt(f"F-{key}", pid)
        draft = a_draft(debt, portfolio=self.portfolio, key=f"{key}-{who.word}", name=who.name,
                        tax_id=who.tax_id, now=now)  # fmt: skip
        for point in list(draft._contacts):
            draft.remove_contact(point)
        draft.put_contact(ContactKind.PHONE, who.phone, source="upload")
        draft.put_contact(ContactKind.EMAIL, who.email, detail=who.says("oficina"))
        draft.put_contact(ContactKind.PHONE, f"+5255000000{who.digit}9", party="reference",
                          detail=who.says("vecina"))  # fmt: skip
        draft.put_address(
            Address(address_id="", lines=who.says("Calle"), city=who.word.title(), country="MX",
                    lat=19.4326018, lng=-99.1332049, cell="8a4995ba2847fff",
                    quality=PointQuality.ROOFTOP)
        )  # fmt: skip
        wiring.cases().commit(change_of(draft))
        case_id = ids.case_id(pid, f"{key}-{who.word}")
        file = wiring.cases().open(case_id)
        self._happenings(who, case_id, file.contacts, file.addresses[0].address_id, debt)
        return case_id

    def _happenings(self, who, case_id, contacts, address_id, debt):
        pid, now = self.pid, self.now
        phone = next(one for one in contacts if one.value == who.phone)

        def evidence(folder, of):
            key = self.file(f"{folder}/{case_id}/{of}/{of}.pdf", who)
            name = who.says("foto")
            return Evidence(evidence_id=f"evi_{of}", side=Side.DEBTOR, name=name, by="d",
                            media_type="application/pdf", size_bytes=9, sha256="ab" * 32, key=key,
                            at=now, shown=True)  # fmt: skip

        def attempt(kind, **values):
            content = Content(to=who.phone, text=who.says("hola"), subject=who.says("asunto"),
                              html=f"<p>{who.says('cuerpo')}</p>")  # fmt: skip
            base = {
                "attempt_id": f"att_{case_id[-6:]}_{kind}", "channel": Channel.WHATSAPP,
                "direction": Direction.OUT, "state": AttemptState.SENT, "cause": Cause(kind=kind),
                "created_at": now, "contact_id": phone.contact_id, "sent_at": now,
                "ruling": Ruling(at=now, allowed=True, reason_code="OK"), "content": content,
            }  # fmt: skip
            return Attempt(**{**base, **values})

        stem = f"letters/{pid}/2026-11-22/att_{case_id[-6:]}"
        for name in (".pdf", "-1-anexo.pdf", ".json"):
            self.file(f"{stem}{name}", who)
        report = {
            key: value
            for key, value in a_report(
                case_id=case_id, address_id=address_id, note=who.says("nota"), now=now,
                met={"who": "debtor", "name": who.says("abrió")},
                contacts=[{"kind": "phone", "value": who.phone, "party": "debtor"}],
                address={"lines": who.says("otra"), "city": who.word, "lat": 19.4, "lng": -99.1},
                dispute={"kind": "other", "text": who.says("no debo")},
                form={"form_id": "f", "version": 1, "answers": {"q": who.says("sí")}},
                payment_report={"amount_minor": 1, "paid_on": "2026-11-01",
                                "reference": who.says("ref"), "photo_id": "pho_1"},
                photos=[{"photo_id": "pho_1", "kind": "door", "sha256": "cd" * 32, "bytes": 9,
                         "width": 9, "height": 9, "taken_at": "2026-11-22T17:00:00Z",
                         "lat": 19.4326018, "lng": -99.1332049, "accuracy_m": 5.0}],
            ).items()
            if key != "visit_id"
        }  # fmt: skip
        made = from_plain(Report, report)
        verdict = Judgement(verdict="verified")
        visit = Visit(
            visit_id=f"vis_{case_id[-10:]}", person_id="ana", at=now, received_at=now,
            state=VisitState.COMPLETE, standing=Standing.ACCEPTED, report=made, digest="ef" * 32,
            findings=Findings(verdict=verdict, trust=Trusted(score=90), counted=True,
                              cell="8a4995ba2847fff"),
        )  # fmt: skip
        marks = tuple(visit_judging.places_of(visit.visit_id, made))
        self.file(f"visits/{case_id}/{visit.visit_id}/pho_1.jpg", who)
        self.file(f"sent/{case_id}/att_1/{'aa' * 32}.pdf", who)
        self.file(f"inbound/wamid.{case_id[-6:]}/1.jpg", who)
        means = wiring.issuing()
        dispute = Dispute(
            dispute_id=f"dsp_{case_id[-6:]}", kind=DisputeKind.OTHER, state=DisputeState.OPEN,
            source="panel", opened_at=now, opened_by="user:ana", due_on=date(2026, 12, 1),
            hold_id=f"hol_{case_id[-6:]}d", text=who.says("reclamo"),
        )  # fmt: skip
        reported = Reported(
            reported_id=f"rep_{case_id[-6:]}", state=ReportedState.WAITING, amount_minor=100,
            source="call", at=now, by="user:ana", reference=who.says("folio"),
            words=who.says("ya pagué"), evidence=(evidence("reports", "rep_1"),),
        )  # fmt: skip
        paper = CreditorPaper(
            paper_id=f"pap_{case_id[-6:]}", kind=PaperKind.INVOICE, name=who.says("factura"),
            media_type="application/pdf", size_bytes=9, sha256="12" * 32, at=now, by="user:ana",
            key=self.file(f"papers/{case_id}/case/{'12' * 32}.pdf", who),
        )  # fmt: skip
        tag = case_id[-6:]
        sent, ruled = f"att_{tag}_strategy", Ruling(at=now, allowed=True, reason_code="OK")
        said = Content(to=who.phone, text=who.says("recuerde"))
        task = Task(
            task_id=f"tsk_{tag}", kind=TaskKind.OTHER, state=TaskState.OPEN,
            cause=Cause(kind="manual"), due_on=date(2026, 11, 30), created_at=now,
            text=who.says("llamar"),
        )  # fmt: skip
        self.change(
            case_id,
            lambda d: d.note(who.says("nota")),
            lambda d: d.set_tags(["vip"]),
            lambda d: d.wish_for(ContactWish(opens_at="10:00", closes_at="12:00")),
            lambda d: d.consent(ConsentState.REFUSED, contact_id=phone.contact_id,
                                channel=Channel.SMS, source="call", words=who.says("no más")),
            lambda d: d.record(attempt("manual", provider="whatsapp", provider_id="wamid."
                                       + base64.b64encode(who.phone.encode()).decode())),
            lambda d: d.plan(attempt("strategy", state=AttemptState.PLANNED, content=None)),
            lambda d: d.reserve(sent, ruling=ruled, content=said, contact_id=phone.contact_id,
                                party="debtor"),
            lambda d: d.sent(sent, provider="whatsapp", provider_id="wamid."
                             + base64.b64encode(who.phone.encode()).decode()),
            lambda d: d.record(attempt("letter", channel=Channel.LETTER, provider="print",
                                       provider_id=f"{stem}.pdf")),
            lambda d: d.record(attempt("reply", direction=Direction.IN, state=AttemptState.RECEIVED,
                                       content=Content(to=who.phone, text=who.says("hola"),
                                                       attachments=(f"inbound/wamid.{case_id[-6:]}/1.jpg",)))),
            lambda d: d.visit(visit, marks),
            lambda d: d.open_dispute(dispute),
            lambda d: d.add_evidence(dispute.dispute_id, evidence("disputes", "dsp_1")),
            lambda d: d.withdraw_dispute(dispute.dispute_id, who.says("me equivoqué")),
            lambda d: d.report_payment(reported),
            lambda d: d.settle_reported(reported.reported_id, ReportedState.NOT_FOUND,
                                        answer=who.says("no aparece")),
            lambda d: d.hold(f"hol_{case_id[-6:]}", HoldReason.ILLNESS, note=who.says("enferma")),
            lambda d: d.lift(f"hol_{case_id[-6:]}"),
            lambda d: d.add_paper(paper, reason=who.says("prueba")),
            lambda d: d.issue(_document(d, who, means, now)),
            lambda d: d.ask(task),
            lambda d: d.pay(100_000, paid_on=d.today, source="manual", reference=f"r-{tag}"),
            lambda d: d.plan(attempt("receipt", state=AttemptState.PLANNED, content=None,
                                     sent_at=None, not_before=now + timedelta(days=2))),
        )  # fmt: skip

    def _merged(self, who, into, key):
        debt = a_debt(f"F-{key}", self.pid)
        draft = a_draft(debt, portfolio=self.portfolio, key=f"{key}-{who.word}",
                        name=f"{who.name} de Antes", tax_id=who.tax_id, now=self.now)  # fmt: skip
        draft.note(who.says("de antes"))
        wiring.cases().commit(change_of(draft))
        old = ids.case_id(self.pid, f"{key}-{who.word}")
        gone = reopened(wiring.cases().open(old), self.portfolio, self.now)
        stays = reopened(wiring.cases().open(into), self.portfolio, self.now)
        gone.hand_over(stays, reference=f"mrg_{key}")
        wiring.cases().commit(change_of(gone), change_of(stays))
        self.change(into, lambda d: d.pay(100_000, paid_on=d.today, source="manual",
                                          reference=f"r2-{into[-6:]}"))  # fmt: skip

    def _spoken(self, who, case_id):
        now, store = self.now, wiring.conversations()
        for number, (key, on_page) in enumerate((
            (conversation_id(self.pid, Channel.WHATSAPP, who.phone), False),
            (page_conversation_id(self.pid, case_id), True),
        )):  # fmt: skip
            media = self.file(f"inbound/wamid.conv{number}{case_id[-6:]}/1.jpg", who)
            talk = Conversation(
                conversation_id=key, portfolio_id=self.pid, channel=Channel.WHATSAPP,
                phone=case_id if on_page else who.phone, recipient="+525500000000", created_at=now,
                moved_at=now, name=who.name, case_ids=(case_id,), seq=2, on_page=on_page,
                preview=who.says("ya"), talk={"language": "es", "words": who.says("qué")},
            )  # fmt: skip
            said = [
                Message(seq=n, at=now, by="debtor", text=who.says("mensaje"), case_id=case_id,
                        media=(("image/jpeg", media),))
                for n in (1, 2)
            ]  # fmt: skip
            store.save(talk, *said, before=None, now=now)
        links = wiring.debtor_access_store()
        before = links.links(case_id)
        made = MadeLink(link_id="lnk_1", made_at=now, made_by="user:ana",
                        until=now + timedelta(days=9))  # fmt: skip
        assert links.change_links(before, before.with_made(made), case_id=case_id)

    def _listed(self, who, case_id):
        now, pid, tag = self.now, self.pid, case_id[-8:]
        line = {"case_id": case_id, "name": who.name, "outcome": "skipped", "code": "held"}
        common = {"portfolio_id": pid, "created_by": "user:ana", "created_at": now}
        wiring.bulk.bulk_kept().add(BulkJob(
            job_id=f"blk_{tag}", action=BulkAction.HOLD, terms={"note": who.says("todas")},
            filters={"q": who.name.lower()}, picked=(case_id,), state=BulkState.DONE, language="es",
            updated_at=now, sample=Sample(looked=1, lines=(line,)), **common))  # fmt: skip
        wiring.dry_runs().add(DryRun(
            dry_run_id=f"dry_{tag}", state="done", day=date(2026, 11, 22), strategy_id="",
            sample=None, language="es", updated_at=now,
            lines=({"case_id": case_id, "name": who.name},), **common))  # fmt: skip
        wiring.exports().add(Export(
            export_id=f"exp_{tag}", state="done", filters={"q": who.tax_id}, language="es",
            updated_at=now, **common))  # fmt: skip
        wiring.saved_views().add(SavedView(
            view_id=f"viw_{tag}", portfolio_id=pid, name=who.name, filters={"q": who.email},
            owner="ana", created_at=now))  # fmt: skip
        wiring.corrections().add(Correction(
            correction_id=f"cor_{tag}", portfolio_id=pid, case_id=case_id,
            kind=CorrectionKind.WAIVER, debt_id="dbt_1", component=Component.INTEREST,
            amount_minor=1, reason=who.says("quita"), asked_by="user:ana", asked_at=now,
            state=CorrectionState.REFUSED, answer=who.says("no")))  # fmt: skip


def _document(draft, who, means, now):
    return issued.issue(
        draft, DocumentKind.RECEIPT, of="pay_1", render=lambda _: who.says("%PDF recibo").encode(),
        filename=f"recibo-{who.word}.pdf", language="es", facts={}, means=means, now=now,
    )  # fmt: skip


def everything(cloud):
    """All that the tables and every version of every object hold: place and bytes."""
    dynamodb, s3 = cloud.client("dynamodb"), cloud.client("s3")
    for variable, name in cloud.environment.items():
        if variable.endswith("_TABLE"):
            for page in dynamodb.get_paginator("scan").paginate(TableName=name):
                for item in page["Items"]:
                    keys = [str(item[key]["S"]) for key in ("pk", "sk", "id") if key in item]
                    yield f"{variable} {' / '.join(keys)}", _bytes(item)
        elif variable.endswith("_BUCKET"):
            found = s3.list_object_versions(Bucket=name).get("Versions", [])
            for one in found:
                body = s3.get_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
                yield f"{variable} {one['Key']}", one["Key"].encode() + body["Body"].read()


def _bytes(value):
    if isinstance(value, dict):
        return b"\n".join(str(key).encode() + b" " + _bytes(one) for key, one in value.items())
    if isinstance(value, list | set | tuple):
        return b"\n".join(_bytes(one) for one in value)
    return value if isinstance(value, bytes) else str(value).encode()
