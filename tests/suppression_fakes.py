"""The suppression list, in memory."""

from chalicelib.domain.suppressed import SuppressionHead
from chalicelib.services.suppression import Means


class MemorySuppressions:
    def __init__(self):
        self._lists = {}
        self._versions = {}
        self.audits = []
        self.asked = []  # how many hashes were looked for, time after time

    def head(self, portfolio_id):
        count = len(self._lists.get(portfolio_id, ()))
        return SuppressionHead(count=count, version=self._versions.get(portfolio_id, 0))

    def known(self, portfolio_id, digests, head):
        self.asked.append(len(digests))
        return frozenset(digests) & frozenset(self._lists.get(portfolio_id, ()))

    def add(self, portfolio_id, entries):
        mine = self._lists.setdefault(portfolio_id, {})
        new = {one.digest: one for one in entries if one.digest not in mine}
        mine |= new
        self._changed(portfolio_id, len(new))
        return len(new)

    def remove(self, portfolio_id, digest, *, audit=None):
        known = self._lists.get(portfolio_id, {}).pop(digest, None)
        if known is not None and audit is not None:
            self.audits.append(audit)
        self._changed(portfolio_id, known is not None)
        return known

    def _changed(self, portfolio_id, number):
        self._versions[portfolio_id] = self._versions.get(portfolio_id, 0) + bool(number)


class MemoryLooks:
    def __init__(self):
        self.looks = []

    def note(self, look):
        self.looks.append(look)


KEY = b"a key of sixty-four letters"


def suppression_means(keys=(KEY,), suppressions=None):
    """Make all that the list is asked with."""
    return Means(
        suppressions=suppressions or MemorySuppressions(), keys=lambda: keys, log=MemoryLooks()
    )
