"""What makes a page one that telephones install: its web manifest and its service worker."""

import hashlib
import json

ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
)


def web_manifest(start: str, language: str, texts: dict[str, str], static: dict[str, str]) -> bytes:
    """
    Args:
        start: The page's address.
        static: Name of an icon -> its URL.
    """
    manifest = {
        "name": texts["field.app_name"],
        "short_name": "Recobro",
        "description": texts["field.app_description"],
        "lang": language,
        "id": start,
        "start_url": start,
        "scope": "/",  # signing in happens at an address of the panel
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f5f4f0",
        "theme_color": "#134843",
        "icons": [
            {"src": static[name], "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return json.dumps(manifest, ensure_ascii=False).encode()


def service_worker(page: str, html: bytes, files: list[str], code: bytes) -> bytes:
    """
    The worker of a page, which begins with the list of what it keeps on the phone.

    Browsers take a worker whose bytes differ for a new version; the names of files carry their
    content, so a change of anything is one.
    """
    parts = [html, code, *(url.encode() for url in files)]
    version = hashlib.sha256(b"".join(parts)).hexdigest()[:10]
    listed = {"version": version, "page": page, "files": files}
    return f"self.RECOBRO={json.dumps(listed, separators=(',', ':'))};\n".encode() + code
