"""A ready-made strategy can be published as it is: whatever it wants to say, there is a text."""

import pytest

from chalicelib.messages import ready
from chalicelib.strategies.ready_made import ORDER, ready_made

LANGUAGES = ("es", "en", "pt")


@pytest.mark.parametrize("code", ORDER)
def test_every_message_has_its_text_on_every_channel_in_three_languages(code):
    strategy = ready_made()[code].strategy("str_1", "prt_1", "es")
    steps = [step for step in strategy.steps if step.channels]
    missing = [
        (step.code, step.template_id, channel, language)
        for step in steps
        for channel in step.channels
        for language in LANGUAGES
        if (step.template_id, channel, language) not in ready.texts()
    ]
    assert steps
    assert missing == []
