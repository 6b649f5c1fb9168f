"""Build the site; put it into its bucket with the right cache headers, in a safe order."""

import hashlib
import mimetypes
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from infra.aws import Cloud
from infra.edge import CACHE_CHECK, CACHE_FOREVER

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "frontend" / "dist"
NOT_SOURCES = {"node_modules", "dist", "dist.new", "__pycache__", "test", "e2e"}

# name.<hash>.ext or name-<hash>.ext, as frontend/build.py and esbuild write them
HASHED = re.compile(r"[.-](?:[0-9a-f]{8,}|[A-Z0-9]{8})\.[a-z0-9.]+$")
KEPT = "media/"  # logos, which people put there; never part of the build
TYPES = {
    ".webmanifest": "application/manifest+json",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".pmtiles": "application/octet-stream",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


def build() -> str:
    """Build the pages unless their sources are those of the last time; says what it did."""
    sources = [
        path
        for path in (ROOT / "frontend").rglob("*")
        if not NOT_SOURCES & set(path.parts) and path.is_file()
    ]
    sources += (ROOT / "chalicelib" / "i18n").glob("*.json")
    sources += (ROOT / "local" / "basemap").glob("*.py")
    whole = hashlib.sha256(os.environ.get("RECOBRO_BASEMAP", "").encode())
    for path in sorted(sources):
        whole.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    stamp = ROOT / "build" / "site.key"
    if stamp.is_file() and stamp.read_text() == whole.hexdigest() and DIST.is_dir():
        return "unchanged"
    subprocess.run(
        [sys.executable, ROOT / "frontend" / "build.py"],
        check=True, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(whole.hexdigest())
    return "built"


def folder() -> Path:
    """Where the built site is."""
    return DIST


def content_type(name: str) -> str:
    kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    kind = kind or "application/octet-stream"
    if kind.startswith("text/") or kind in ("application/json", "application/manifest+json"):
        kind += "; charset=utf-8"
    return kind


def cache_control(name: str) -> str:
    """
    Forever when the name carries the content's hash, else ask each time.

    >>> cache_control("assets/panel.4f2a9c01d3.js")
    'public, max-age=31536000, immutable'
    >>> cache_control("panel/index.html")
    'no-cache'
    """
    return CACHE_FOREVER if HASHED.search(name) else CACHE_CHECK


def sync(cloud: Cloud, folder: Path, bucket: str) -> tuple[list[str], list[str]]:
    """
    Make *bucket* hold what *folder* holds.

    New assets go up before the pages that name them, so that no visitor meets a
    page whose script is not there yet; assets that are gone stay for the visitors
    who still hold the last page, and the bucket's lifecycle does the rest.

    Returns:
        (paths sent, paths taken away).
    """
    s3 = cloud.client("s3")
    there = {k: v for k, v in _listed(s3, bucket).items() if not k.startswith(KEPT)}
    here = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    sent = []
    for name in sorted(here, key=lambda name: (not HASHED.search(name), name)):
        body = here[name].read_bytes()
        tag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        if there.get(name) == tag:
            continue
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=body,
            ContentType=content_type(name),
            CacheControl=cache_control(name),
        )
        sent.append(name)
    gone = [name for name in there if name not in here and not HASHED.search(name)]
    for name in gone:
        s3.delete_object(Bucket=bucket, Key=name)
    return sent, gone


def invalidate(cloud: Cloud, distribution: str, names: list[str]) -> str | None:
    """Tell CloudFront which pages changed; hashed names never do. Returns the invalidation's id."""
    paths = sorted({_path(name) for name in names if not HASHED.search(name)})
    if not paths:
        return None
    if len(paths) > 30:
        paths = ["/*"]
    made = cloud.client("cloudfront").create_invalidation(
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": len(paths), "Items": paths},
            "CallerReference": str(time.time_ns()),
        },
    )
    found: str = made["Invalidation"]["Id"]
    return found


def _path(name: str) -> str:
    return "/" + name.removesuffix("index.html") if name.endswith("/index.html") else f"/{name}"


def _listed(s3: Any, bucket: str) -> dict[str, str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {o["Key"]: o["ETag"].strip('"') for page in pages for o in page.get("Contents", [])}
