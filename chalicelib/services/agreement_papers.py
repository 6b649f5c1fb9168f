"""The papers of agreements: the document when one is signed, the letter when it is paid."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.compliance import packs
from chalicelib.domain.agreements import Agreement, AgreementState, Proof, terms_digest
from chalicelib.domain.case import CaseFile
from chalicelib.domain.contact import Channel
from chalicelib.domain.days import local_day
from chalicelib.domain.document import DocumentKind
from chalicelib.domain.draft import Draft
from chalicelib.domain.errors import AgreementNotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.portfolio import Portfolio
from chalicelib.domain.spoken import language_of
from chalicelib.messages import agreement as paper
from chalicelib.messages import facts
from chalicelib.services import casework, issued
from chalicelib.services.access import Portfolios
from chalicelib.services.agreements import Issue
from chalicelib.services.casework import Cases, OpenCases
from chalicelib.services.issued import Stamp

LINK_EXPIRES_S = 300
LETTERS_A_RUN = 100


class Files(Protocol):
    def write(self, key: str, body: bytes, *, content_type: str = ...) -> None: ...
    def link(self, key: str, *, filename: str, expires_s: int) -> str: ...


class Letters(Cases, Protocol):
    def letters_due(self, *, limit: int) -> Sequence[tuple[str, str]]:
        """(case id, agreement id) of completed agreements without a letter, oldest first."""
        ...


def issuer(means: issued.Means, now: datetime) -> Issue:
    """Give what issues the document of an agreement as it is signed; see ``agreements.accept``."""

    def issue(
        draft: Draft, file: CaseFile, portfolio: Portfolio, signed: Agreement, _: Proof
    ) -> str:
        language = language_of(file, portfolio)

        def render(stamp: Stamp) -> bytes:
            said = _paper(draft, file, portfolio, language=language, now=now, stamp=stamp)
            return paper.render(signed, said, portfolio, language, made_at=now)

        document = issued.issue(
            draft,
            DocumentKind.AGREEMENT,
            of=signed.agreement_id,
            render=render,
            filename=paper.file_name(language, draft.today),
            language=language,
            facts={
                "agreement": signed.kind.value,
                "amount": {"minor": signed.to_pay_minor, "currency": portfolio.currency},
                "payments": len(signed.shares),
                "day": draft.today.isoformat(),
                "terms": terms_digest(signed),
            },
            means=means,
            now=now,
        )
        return document.document_id

    return issue


def preview(
    case_id: str,
    agreement_id: str,
    *,
    files: Files,
    actor: Actor,
    cases: OpenCases,
    portfolios: Portfolios,
    now: datetime,
) -> str:
    """
    Write an agreement as it is now and give a short-lived address; it is not issued by this.

    Raises:
        AgreementNotFound: Not of this case.
    """
    file, portfolio = casework.opened(case_id, actor=actor, cases=cases, portfolios=portfolios)
    known = next((one for one in file.agreements if one.agreement_id == agreement_id), None)
    if known is None:
        raise AgreementNotFound(agreement_id=agreement_id)
    name, body = pdf(file, portfolio, known, now=now)
    key = f"statements/{file.head.portfolio_id}/{case_id}/{agreement_id}.pdf"
    files.write(key, body, content_type="application/pdf")
    return files.link(key, filename=name, expires_s=LINK_EXPIRES_S)


def pdf(
    file: CaseFile, portfolio: Portfolio, agreement: Agreement, *, now: datetime
) -> tuple[str, bytes]:
    """Make an agreement's paper without a stamp: a file name that names nobody, and the PDF."""
    language = language_of(file, portfolio)
    draft = Draft(file, portfolio, actor="system", now=now)
    said = _paper(draft, file, portfolio, language=language, now=now)
    return paper.file_name(language, draft.today), paper.render(
        agreement, said, portfolio, language, made_at=now
    )


def issue_letters(
    *, cases: Letters, portfolios: Portfolios, means: issued.Means, now: datetime
) -> int:
    """
    Issue the letters of agreements that were paid; says how many.

    Safe to repeat: a letter is issued once, and an agreement that was opened again has none.
    """
    done = 0
    for case_id, agreement_id in cases.letters_due(limit=LETTERS_A_RUN):

        def do(draft: Draft, file: CaseFile, _: Portfolio, key: str = agreement_id) -> None:
            _issue_letter(draft, file, key, means, now)

        done += casework.change_by_machine(case_id, do, cases=cases, portfolios=portfolios, now=now)
    return done


def _issue_letter(
    draft: Draft, file: CaseFile, agreement_id: str, means: issued.Means, now: datetime
) -> None:
    portfolio = draft.portfolio
    known = draft.agreement(agreement_id)
    if known.state is not AgreementState.COMPLETED or known.letter_id or known.ended_at is None:
        return
    language = language_of(file, portfolio)

    def render(stamp: Stamp) -> bytes:
        said = _paper(draft, file, portfolio, language=language, now=now, stamp=stamp)
        return paper.letter(known, said, portfolio, language, made_at=now)

    letter = issued.issue(
        draft,
        DocumentKind.SETTLEMENT,
        # By its end: one that was opened again and paid again gets another letter.
        of=f"{agreement_id}:{known.ended_at.isoformat()}",
        render=render,
        filename=paper.file_name(language, draft.today, ended=True),
        language=language,
        facts={
            "amount": {"minor": known.to_pay_minor, "currency": portfolio.currency},
            "day": local_day(known.ended_at, portfolio.time_zone).isoformat(),
        },
        means=means,
        now=now,
    )
    draft.note_issued(agreement_id, letter_id=letter.document_id)


def _paper(
    draft: Draft,
    file: CaseFile,
    portfolio: Portfolio,
    *,
    language: str,
    now: datetime,
    stamp: Stamp | None = None,
) -> paper.Paper:
    known = facts.build(
        file,
        portfolio,
        now=now,
        language=language,
        required=packs.identification(portfolio.country),
    )
    return paper.Paper(
        debtor=file.head.name,
        references={debt.debt_id: debt.external_id for debt in draft.debts},
        today=draft.today,
        sender=known.identification[Channel.LETTER],
        code=stamp.code if stamp else "",
        url=stamp.url if stamp else "",
    )
