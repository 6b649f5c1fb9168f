"""Every step of the debtor's page that is registered, and its path."""

import importlib

from chalicelib.handlers import debtor_web

for module in debtor_web.STEPS:
    importlib.import_module(f"chalicelib.handlers.{module}")

INSIDE = sorted(key for key, step in debtor_web.PAGES.items() if not step.door)


def path_of(step, item="nothing"):
    _, name, with_item = step
    return f"/pagar/{name}/{item}" if with_item else f"/pagar/{name}"
