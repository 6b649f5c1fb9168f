"""Whatever is typed into a field of a debtor's page, it answers or asks again; it never breaks."""

import pytest

from tests.selfpay.steps import INSIDE, path_of
from tests.selfpay.test_harmless import Forms

ODD = ("", "-1", "99999999999999999999", "0001-01-01", "9999-12-31", "ñ 🤝\u202e\ufffe")
READS = [one for one in INSIDE if one[0] == "GET" and not one[2]]


@pytest.mark.parametrize("step", READS, ids=path_of)
def test_what_is_typed_is_taken_or_asked_again(step, world, visitor):
    visitor.enter(world.link())
    broken = []
    for action, fields in Forms(visitor.get(path_of(step))).found:
        if action == "/pagar/salir":
            continue
        for name in fields:
            for value in ODD:
                page = visitor.get(path_of(step))
                if not page.hidden:  # what was done here before ended the form
                    continue
                answer = visitor.send(page, action or page.path, **(fields | {name: value}))
                if answer.status >= 500:
                    broken.append((action, name, value, answer.status))
                if answer.path == "/pagar":
                    visitor.enter(world.link())

    assert broken == []
