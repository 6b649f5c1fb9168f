"""
The whole stand-in API with the pages: what a developer looks at without a stack.

    python -m frontend.e2e.fake_site --port 8091
"""

import argparse

from frontend.e2e import (  # noqa: F401 - each adds its routes
    fake_agreements,
    fake_approvals,
    fake_audit,
    fake_boards,
    fake_bulk,
    fake_calls,
    fake_cases,
    fake_cash,
    fake_contact,
    fake_conversations,
    fake_disputes,
    fake_door,
    fake_field,
    fake_figures,
    fake_forms,
    fake_links,
    fake_map,
    fake_merges,
    fake_messages,
    fake_papers,
    fake_payments,
    fake_people,
    fake_photos,
    fake_received,
    fake_reports,
    fake_requests,
    fake_rules,
    fake_schedules,
    fake_shared,
    fake_slice,
    fake_strategies,
    fake_tasks,
    fake_templates,
    fake_uploads,
    fake_views,
    fake_visits,
)
from frontend.e2e.fake_api import FakeApi, Server, serve
from frontend.e2e.fake_people import PASSWORD

__all__ = ["FakeApi", "Server", "serve"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--empty", action="store_true", help="start without portfolios")
    args = parser.parse_args()
    server = Server(args.port, FakeApi(empty=args.empty))
    print(f"{server.url}/panel/  ana@ejemplo.example  {PASSWORD}")
    server.serve_forever()


if __name__ == "__main__":
    main()
