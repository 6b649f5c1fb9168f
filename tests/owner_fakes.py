"""Whom cases count for, in memory; what ``store.case_owners.CaseOwners`` promises."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.case import CaseFile, CounterMoves
from chalicelib.domain.counters import counts_for


class MemoryOwners:
    files: dict[str, CaseFile]
    moves: dict[str, list[CounterMoves]]

    def count_owners(self, portfolio_id: str, case_ids: Sequence[str], *, write: bool) -> int:
        heads = [self.files[key].head for key in case_ids]
        lacking = [one for one in heads if one.counted_for != counts_for(one.owner, one.status)]
        if not write:
            return len(lacking)
        moves: Counter[str] = Counter()
        for head in lacking:
            told = counts_for(head.owner, head.status)
            moves[told] += 1
            moves[head.counted_for] -= 1
            known = self.files[head.case_id]
            counted = replace(head, counted_for=told, version=head.version + 1)
            self.files[head.case_id] = replace(known, head=counted)
        owners = {key: by for key, by in moves.items() if key}
        self.moves.setdefault(portfolio_id, []).append(
            CounterMoves(totals={}, due={}, due_debts={}, days={}, owners=owners)
        )
        return len(lacking)
