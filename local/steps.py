"""Tell a person what is going on, step by step, with the time each took."""

import contextlib
import sys
import time
from collections.abc import Iterator


class Steps:
    """Numbers nothing and estimates nothing: names what runs, then how long it took."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._live = sys.stdout.isatty()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator["Step"]:
        step = Step()
        if self._live and not self._quiet:
            print(f"  … {name}", end="\r", flush=True)
        began = time.monotonic()
        try:
            yield step
        except BaseException:
            self._line("✗", name, "", time.monotonic() - began)
            raise
        self._line("✓", name, step.note, time.monotonic() - began)

    def _line(self, mark: str, name: str, note: str, seconds: float) -> None:
        if not self._quiet:
            print(f"  {mark} {name:<34} {note:<38} {seconds:6.1f} s", flush=True)


class Step:
    """What a step has to say when it is done."""

    note = ""

    def say(self, text: str) -> None:
        self.note = text
