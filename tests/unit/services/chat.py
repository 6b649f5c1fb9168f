"""A debtor who writes to the bot, for tests of conversations."""

from datetime import timedelta

from chalicelib.domain.case import ContactKind
from chalicelib.services import conversations
from tests.builders import NOW, a_debt, a_draft, a_portfolio, change_of
from tests.conversation_fakes import ANA, MemoryConversations, Phone, means_of, says
from tests.fakes import MemoryCases


class World:
    """A portfolio whose debtor Ana has the phone that writes."""

    def __init__(self, **about):
        self.cases, self.conversations, self.phone = MemoryCases(), MemoryConversations(), Phone()
        self.portfolio = a_portfolio()
        self.means = means_of(
            self.conversations, self.cases, self.portfolio, phone=self.phone, **about
        )

    def debtor(self, key="D-1", phone=ANA, **values):
        draft = a_draft(
            a_debt(f"F-{key}"), portfolio=self.portfolio, key=key, tax_id="GODE561231GR8"
        )
        draft.put_contact(ContactKind.PHONE, phone, **values)
        change = change_of(draft)
        self.cases.commit(change)
        return change.after.case_id

    def hears(self, *texts, now=NOW, **values):
        for text in texts:
            message = text
            if isinstance(text, str):
                message = says(text, at=now - timedelta(seconds=2), **values)
            heard = conversations.receive(message, means=self.means, now=now)
        return heard

    def answers(self):
        return [one.content.text for one in self.phone.sent]
