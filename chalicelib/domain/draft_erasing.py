"""Forgetting what somebody said, for a request of data protection: what it led to stays."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from chalicelib.domain.draft_cash import DraftCash
from chalicelib.domain.timeline import Event, erase

ERASED = "conversation.erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """
    What of a case is a conversation's.

    Args:
        conversation_id: Whose it is.
        attempts: Ids of its messages.
        holds, notes, reports: Ids of holds, notes and reported payments that quote it.
        files: Keys of its pictures, which are erased.
        source: Consents that came by it quote it, too: their source, and
        contact_id: their contact point.
    """

    conversation_id: str
    attempts: Collection[str]
    holds: Collection[str] = ()
    notes: Collection[str] = ()
    reports: Collection[str] = ()
    files: Collection[str] = ()
    source: str = ""
    contact_id: str = ""


class DraftErasing(DraftCash):
    """A draft on which words are taken out of a case and its timeline for good."""

    def erase_said(self, what: Forgotten, *, reason: str, most_items: int) -> bool:
        """
        Erase what was said in a conversation: messages, and the quotes of them in holds, notes
        and consents.

        That there was a message, when, by which channel and what followed stays, and so does the
        chain: its commitments say that something was there, not what. An erasure is an event of
        its own. Works on a void case, too.

        Args:
            reason: Who asked, and how; personal.
            most_items: Stop when the change holds so many rows (see ``items``); to be called
                again once it is committed, until nothing changes.
        """
        mine = [event for event in self._events if event.personal and _of(event, what)]
        by_attempt: dict[str, list[Event]] = {}
        others = []
        for event in mine:
            attempt_id = event.facts.get("attempt_id", "")
            if attempt_id:
                by_attempt.setdefault(attempt_id, []).append(event)
            else:
                others.append(event)
        # These first: they are few, and found by the messages as long as those say something.
        quotes = self._unquote(what) + len(others)
        for event in others:
            self._erase(event)
        messages = 0
        # A message goes together with its events: what is left is found again by the message.
        for key in what.attempts:
            known = self._attempts.get(key)
            told = by_attempt.get(key, [])
            if known is None or (known.content is None and not told):
                continue
            if self.items >= most_items:
                break
            if known.content is not None:
                self._attempts[key] = self._put_attempts[key] = replace(known, content=None)
            for event in told:
                self._erase(event)
            messages += 1
        if not messages and not quotes:
            return False
        facts = {"conversation_id": what.conversation_id, "messages": messages}
        self._tell(ERASED, facts, {"reason": reason} if reason else {})
        return True

    def _unquote(self, what: Forgotten) -> int:
        """Take the words out of holds and consents; they are few."""
        changed = 0
        for hold in list(self._holds.values()):
            if hold.hold_id in what.holds and hold.note:
                self._holds[hold.hold_id] = self._put_holds[hold.hold_id] = replace(hold, note="")
                changed += 1
        for one in list(self._reported.values()):
            if one.told.isdisjoint(what.reports):
                continue
            left = tuple(file for file in one.evidence if file.key not in what.files)
            if one.words or left != one.evidence:
                self._put_reported_one(replace(one, words="", evidence=left))
                changed += 1
        for word in list(self._consents.values()):
            if word.words and _by(what, word.source, word.contact_id):
                mute = replace(word, words="")
                self._consents[word.consent_id] = self._put_consents[word.consent_id] = mute
                changed += 1
        return changed

    def _erase(self, event: Event) -> None:
        self._put_erased[event.seq] = blank = erase(event)
        self._events = tuple(blank if one.seq == event.seq else one for one in self._events)


def _of(event: Event, what: Forgotten) -> bool:
    facts = event.facts
    if event.kind == ERASED:  # who asked for it is no part of what was said
        return False
    if event.kind.startswith("consent."):
        return _by(what, facts.get("source", ""), facts.get("contact_id", ""))
    return (
        facts.get("attempt_id") in what.attempts
        or facts.get("hold_id") in what.holds
        or facts.get("note_id") in what.notes
        or facts.get("told_id") in what.reports
        or facts.get("conversation_id") == what.conversation_id
    )


def _by(what: Forgotten, source: str, contact_id: str) -> bool:
    return bool(what.contact_id) and (source, contact_id) == (what.source, what.contact_id)
