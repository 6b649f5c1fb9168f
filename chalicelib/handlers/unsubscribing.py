"""The page behind a message's unsubscribe link. It names nobody: whoever has the link sees it."""

import base64
import hashlib
import html

from chalice.app import Request, Response

from chalicelib.lazily import lazily

with lazily():
    from chalicelib.i18n import wording

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem;"
    "color:#1c2b2a;background:#fff}h1{font-size:1.4rem}button{font:inherit;padding:.7rem 1.4rem;"
    "border:0;border-radius:.5rem;background:#1f5f5b;color:#fff}"
    "@media(prefers-color-scheme:dark){body{color:#e6efee;background:#101b1a}}"
)
DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{DIGEST}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: dict[str, str | list[str]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def offer(request: Request) -> Response:
    """Ask, with one button."""
    said = _words(request)
    button = f'<form method="post"><button>{html.escape(said["button"])}</button></form>'
    return _page(said, "offer", more=button)


def done(request: Request) -> Response:
    return _page(_words(request), "done")


def expired(request: Request) -> Response:
    return _page(_words(request), "expired", status=404)


def _page(said: dict[str, str], kind: str, *, more: str = "", status: int = 200) -> Response:
    title, body = html.escape(said[f"{kind}_title"]), html.escape(said[f"{kind}_body"])
    text = (
        f'<!doctype html><html lang="{said["language"]}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style><main><h1>{title}</h1><p>{body}</p>{more}"
        "</main></html>"
    )
    return Response(text, status_code=status, headers=dict(HEADERS))


def _words(request: Request) -> dict[str, str]:
    """The words in the first language the browser asks for that we have; Spanish else."""
    asked = str(request.headers.get("accept-language", "")).lower().split(",")
    language = wording.spoken(
        next((code for tag in asked if (code := tag.strip()[:2]) in wording.LANGUAGES), "")
    )
    return {**wording.of("unsubscribe", language), "language": language}
