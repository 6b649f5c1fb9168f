"""
The whole stand-in API with the pages: what a developer looks at without a stack.

    python -m frontend.e2e.fake_site --port 8091
"""

from frontend.e2e import (
    fake_cases,
    fake_conversations,
    fake_merges,
    fake_messages,
    fake_strategies,
    fake_templates,
    fake_uploads,
)
from frontend.e2e.fake_api import FakeApi, Server, main, serve

__all__ = [
    "FakeApi",
    "Server",
    "fake_cases",
    "fake_conversations",
    "fake_merges",
    "fake_messages",
    "fake_strategies",
    "fake_templates",
    "fake_uploads",
    "serve",
]

if __name__ == "__main__":
    main()
