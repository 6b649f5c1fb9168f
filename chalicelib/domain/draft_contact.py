"""What a debtor allows, what stops collection, and whose a number turns out to be."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from chalicelib.domain.contact import Attempt, Channel, Consent, ConsentState, Hold, HoldReason
from chalicelib.domain.draft_attempts import DraftAttempts
from chalicelib.domain.errors import BadField, ContactNotFound, HoldNotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.wish import ContactWish

ANY = "*"
COMPLAINT = "complaint.received"
# Answers to what the debtor asked for are no collection: a hold does not take them back.
ANSWERS = frozenset({"reply", "receipt", "code", "cash"})
# Qualities of a point at which nobody is to be written to.
UNUSABLE = frozenset({"invalid", "wrong_person"})


class DraftContact(DraftAttempts):
    """A draft on which consents, holds and what was found out are recorded."""

    # Consents

    def consent_to(self, contact_id: str, channel: Channel) -> Consent | None:
        """The word that counts for a contact point on a channel."""
        return standing_word(self._consents.values(), contact_id, channel)

    def consent(
        self,
        state: ConsentState,
        *,
        contact_id: str = ANY,
        channel: Channel | None = None,
        source: str,
        words: str = "",
    ) -> bool:
        """
        Record that contact was allowed or refused; a refusal also stops what waits to go.

        Args:
            contact_id: The contact point or address; ``*`` for all of them.
            channel: None for all of them.
            words: What was said, where it was words.
        """
        self._alive()
        given = Consent(
            consent_id=f"{contact_id}:{channel.value if channel else ANY}",
            contact_id=contact_id,
            channel=channel,
            state=state,
            source=source,
            at=self._now,
            by=self._actor,
            words=words,
        )
        known = self._consents.get(given.consent_id)
        narrower_or_newer = (
            other.at > known.at and other.consent_id != known.consent_id and _meets(other, given)
            for other in self._consents.values()
            if known is not None
        )
        if known is not None and known.state is state and not any(narrower_or_newer):
            return False
        self._consents[given.consent_id] = self._put_consents[given.consent_id] = given
        facts = {
            "contact_id": contact_id,
            "channel": channel.value if channel else ANY,
            "source": source,
        }
        self._tell(f"consent.{state.value}", facts, {"words": words} if words else {})
        if state is ConsentState.REFUSED:
            self._withdraw_where(
                "opted_out",
                lambda waiting: (
                    (word := self.consent_to(waiting.contact_id, waiting.channel)) is not None
                    and word.state is ConsentState.REFUSED
                ),
            )
        return True

    def complained(self, attempt: Attempt) -> bool:
        """
        Note that a message was reported as unwanted to its provider.

        Says whether it was new: of a message it is told once.
        """
        self._alive()
        facts = {"attempt_id": attempt.attempt_id, "channel": attempt.channel.value}
        if any(one.kind == COMPLAINT and one.facts == facts for one in self._events):
            return False
        self._tell(COMPLAINT, facts, {})
        return True

    def wish_for(self, wish: ContactWish) -> bool:
        """
        Note in which hours and on which days the debtor wants to be contacted; says if it is new.

        What waits to go is asked about again when its moment comes, and then waits for theirs.
        """
        self._alive()
        before = self._head.wish or ContactWish()
        if wish == before:
            return False
        facts = {
            "channel": ANY,
            "opens_at": wish.opens_at,
            "closes_at": wish.closes_at,
            "not_on": [one.value for one in wish.not_on],
        }
        self._tell("consent.hours", facts, {})
        self._head = replace(self._head, wish=wish if wish.anything else None)
        return True

    def chatted(self, by: str, text: str, *, conversation_id: str, message_id: str) -> bool:
        """
        Note what was said on the debtor's page while a person answers there.

        Says whether it was new: the same message is noted once.

        Args:
            by: ``said`` by the debtor, ``answered`` by one of us.
        """
        self._alive()
        if any(event.facts.get("message_id") == message_id for event in self._events):
            return False
        facts = {"conversation_id": conversation_id, "message_id": message_id}
        self._tell(f"chat.{by}", facts, {"text": text})
        return True

    def link_made(self, days: int) -> None:
        """Note that somebody made a link to the debtor's page, to hand over."""
        self._alive()
        self._tell("link.made", {"days": days}, {})

    def links_revoked(self, *, every: bool) -> None:
        """Note that a link was taken back, or every one."""
        self._alive()
        self._tell("link.revoked", {"every": every}, {})

    def mark_contact(self, contact_id: str, *, quality: str = "", party: str = "") -> bool:
        """
        Say what was found out of a contact point: a wrong person, a minor, a number out of use.

        What waits to go there is taken back unless the point is still the debtor's.

        Raises:
            ContactNotFound: No such point in this case.
        """
        self._alive()
        point = self._contacts.get(contact_id)
        if point is None:
            raise ContactNotFound(contact_id=contact_id)
        marked = replace(point, quality=quality or point.quality, party=party or point.party)
        if marked == point:
            return False
        self._contacts[contact_id] = self._put_contacts[contact_id] = marked
        facts = {
            "contact_id": contact_id,
            "kind": point.kind.value,
            "party": marked.party,
            "quality": marked.quality,
        }
        self._tell("contact.changed", facts, {"value": point.value})
        if marked.quality in UNUSABLE or marked.party != point.party:
            self._withdraw_where(
                "contact_unusable", lambda waiting: waiting.contact_id == contact_id
            )
        return True

    # Holds

    def hold(
        self,
        hold_id: str,
        reason: HoldReason,
        *,
        since: date | None = None,
        until: date | None = None,
        note: str = "",
        debt_ids: tuple[str, ...] = (),
    ) -> bool:
        """
        Stop collection for a reason; what would go during the hold is taken back.

        Says whether it was new. What waits to be said of other debts is taken back too, for it
        was planned with the held ones in mind; the plan looks at the case again today.

        Args:
            debt_ids: Only these debts are held; empty = the whole case.

        Raises:
            BadField: It would end before it begins or before today.
        """
        self._alive()
        if hold_id in self._holds:
            return False
        since = since or self.today
        if until is not None and (until < since or until < self.today):
            raise BadField(field="until", reason="in_the_past")
        placed = Hold(
            hold_id=hold_id,
            reason=reason,
            since=since,
            until=until,
            placed_at=self._now,
            placed_by=self._actor,
            note=note,
            debt_ids=debt_ids,
        )
        self._holds[hold_id] = self._put_holds[hold_id] = placed
        facts: dict[str, object] = {
            "hold_id": hold_id,
            "reason": reason.value,
            "since": since.isoformat(),
            "until": until.isoformat() if until else None,
        }
        if debt_ids:
            facts["debts"] = list(debt_ids)
        self._tell("hold.placed", facts, {"note": note} if note else {})
        self._withdraw_where(
            "on_hold",
            lambda waiting: (
                waiting.cause.kind not in ANSWERS and placed.active_on(self._day_of(waiting))
            ),
        )
        return True

    def lift(self, hold_id: str) -> bool:
        """
        End a hold before its time. Safe to repeat.

        Raises:
            HoldNotFound: No such hold in this case.
        """
        self._alive()
        known = self._holds.get(hold_id)
        if known is None:
            raise HoldNotFound(hold_id=hold_id)
        if known.lifted_at is not None or known.ended_at is not None:
            return False
        self._holds[hold_id] = self._put_holds[hold_id] = replace(known, lifted_at=self._now)
        self._tell("hold.lifted", {"hold_id": hold_id, "reason": known.reason.value}, {})
        return True

    def end_holds(self) -> bool:
        """Note the end of every hold whose last day is over; says whether there was one."""
        ended = [
            hold
            for hold in self._holds.values()
            if hold.until is not None
            and hold.until < self.today
            and hold.lifted_at is None
            and hold.ended_at is None
        ]
        for hold in ended:
            self._holds[hold.hold_id] = self._put_holds[hold.hold_id] = replace(
                hold, ended_at=self._now
            )
            self._tell("hold.ended", {"hold_id": hold.hold_id, "reason": hold.reason.value}, {})
        return bool(ended)

    # Private

    def _pass_on(self, into: "DraftContact") -> None:
        """Give what was refused, allowed or held to the case this one is merged into."""
        for waiting in list(self._attempts.values()):
            self.withdraw(waiting.attempt_id, "merged")
        for word in self._consents.values():
            point = self._contacts.get(word.contact_id)
            there = word.contact_id
            if point is not None:
                there = derived_id("con", into.case_id, point.kind.value, point.value)
            key = f"{there}:{word.channel.value if word.channel else ANY}"
            known = into._consents.get(key)
            if known is None or known.at < word.at:
                same = replace(word, consent_id=key, contact_id=there)
                into._consents[key] = into._put_consents[key] = same
        if into._head.wish is None:
            into._head = replace(into._head, wish=self._head.wish)
        for hold in self._holds.values():
            if hold.hold_id not in into._holds:
                into._holds[hold.hold_id] = into._put_holds[hold.hold_id] = hold


def standing_word(consents: Iterable[Consent], contact_id: str, channel: Channel) -> Consent | None:
    """
    Give the newest word that meets a contact point and channel; a refusal wins a draw.

    >>> standing_word((), "con_1", Channel.SMS) is None
    True
    """
    met = [
        word
        for word in consents
        if word.contact_id in (contact_id, ANY) and word.channel in (channel, None)
    ]
    return max(met, key=lambda w: (w.at, w.state is ConsentState.REFUSED), default=None)


def _meets(one: Consent, other: Consent) -> bool:
    """Say whether two words speak of something in common."""
    points = {one.contact_id, other.contact_id}
    channels = {one.channel, other.channel}
    return (len(points) == 1 or ANY in points) and (len(channels) == 1 or None in channels)
