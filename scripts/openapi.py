"""Write docs/openapi.json anew from the routes: run after changing one."""

import json
from pathlib import Path

import app  # noqa: F401 (registers every route)
from chalicelib.handlers import openapi

TARGET = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def main() -> None:
    text = json.dumps(openapi.document(), indent=1, ensure_ascii=False, sort_keys=True)
    TARGET.write_text(text + "\n")


if __name__ == "__main__":
    main()
