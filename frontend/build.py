"""
Build the site: pages in three languages, scripts and styles under content-hashed names.

    python frontend/build.py            frontend/dist, ready to serve or to put on a bucket
    python frontend/build.py --check    build into a scratch folder; say whether it works

Maps are drawn from one PMTiles file: the demo's own (``local.basemap``) unless RECOBRO_BASEMAP
names another on the same origin, such as ``/media/mapas/mexico.pmtiles`` (docs/maps.md).

``dist/manifest.json`` lists what was made: every page with the files its first load needs, and
every file with whether its name changes with its content (then it may be cached for ever).

A page that says ``"app": true`` is one that telephones install: beside it, in each language, go its
web manifest and its service worker, which begins with the list of all that the page can ever load.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apps
import jinja2
from bundles import PAINTER, STYLES, Scripts, bundle_scripts, bundle_styles, bundle_worker
from output import Site
from tools import tool

HERE = Path(__file__).resolve().parent
LANGUAGES = ("es", "en", "pt")
SHARED_TEXTS = ("common", "errors")
TABS = 4
WIDEST_FIRST = ("", "staff", "admin")
API_TEXTS = HERE.parent / "chalicelib" / "i18n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--out", type=Path, default=HERE / "dist")
    parser.add_argument("--check", action="store_true", help="build into a scratch folder only")
    args = parser.parse_args()
    install_packages()
    if args.check:
        with tempfile.TemporaryDirectory() as scratch:
            build(Path(scratch) / "dist")
        return 0
    pages = build(args.out)
    print(f"built {pages} pages into {args.out}")
    return 0


def build(out: Path) -> int:
    """
    Build everything into ``out``, which changes only when the whole build has worked.

    Returns:
        The number of pages.
    """
    staging = out.with_name(out.name + ".new")
    shutil.rmtree(staging, ignore_errors=True)
    site = Site(staging)
    listed = json.loads((HERE / "pages" / "pages.json").read_text("utf-8"))
    catalogue = listed["pages"]
    scripts = bundle_scripts(site, catalogue)
    style_urls = {name: bundle_styles(site, name) for name in STYLES}
    map_parts = MapParts(style_urls["map"], basemap(site), scripts.entries[PAINTER])
    static = {
        file.name: site.write_hashed(file.stem, file.suffix, file.read_bytes())
        for file in sorted((HERE / "static").glob("*"))
        if file.name != "robots.txt"
    }
    site.write("robots.txt", b"User-agent: *\nDisallow: /\n")
    menu = menu_of(catalogue, listed["groups"])
    pages = render_pages(
        site, catalogue, menu=menu, scripts=scripts, style_urls=style_urls, map_parts=map_parts,
        static=static,
    )  # fmt: skip
    worker = bundle_worker()
    for page in pages:
        if page["app"]:
            write_app(site, page, worker=worker, scripts=scripts, static=static)
    manifest = {
        "pages": pages,
        "files": [
            {"path": path, "immutable": immutable} for path, immutable in sorted(site.files.items())
        ],
    }
    site.write("manifest.json", json.dumps(manifest, indent=1).encode())
    shutil.rmtree(out, ignore_errors=True)
    staging.rename(out)
    return len(pages)


# Texts


def texts_of(area: str, language: str) -> dict[str, str]:
    """
    Texts of one area, keyed ``area.key``.

    An area that only the API has is taken from there, keyed as it is.
    """
    file = HERE / "i18n" / f"{area}.{language}.json"
    if not file.exists():
        shared: dict[str, str] = json.loads((API_TEXTS / file.name).read_text("utf-8"))
        return shared
    own = json.loads(file.read_text("utf-8"))
    return {f"{area}.{key}": text for key, text in own.items()}


def refusal_texts(language: str) -> dict[str, str]:
    """What the API refuses in, keyed as errors; pages load them when they meet the first one."""
    api = json.loads((API_TEXTS / f"errors.{language}.json").read_text("utf-8"))
    return {f"errors.{key}": text for key, text in api.items()}


def page_texts(areas: Iterable[str], language: str) -> dict[str, str]:
    merged: dict[str, str] = {}
    for area in areas:
        merged |= texts_of(area, language)
    return merged


# Installed pages


def write_app(
    site: Site, page: dict[str, Any], *, worker: bytes, scripts: Scripts, static: dict[str, str]
) -> None:
    """The web manifest and the service worker of a page that is installed."""
    folder, texts = page["url"].lstrip("/"), texts_of("field", page["language"])
    described = apps.web_manifest(page["url"], page["language"], texts, static)
    files = ["/" + name for name in (*page["first_load"], *page["later"]) if name != page["file"]]
    files += [url for url in scripts.later[page["entry"]] if url not in files]
    files += [site.write(f"{folder}manifest.webmanifest", described)]
    files += [static["favicon.svg"], static["icon-192.png"]]
    html = (site.out / page["file"]).read_bytes()
    site.write(f"{folder}sw.js", apps.service_worker(page["url"], html, files, worker))


# Maps


@dataclass
class MapParts:
    """What pages with a map get besides: at once (true), or when it is opened (``"later"``)."""

    style_url: str
    basemap_url: str
    painter_url: str


def basemap(site: Site) -> str:
    """URL of the PMTiles file that maps are drawn from."""
    named = os.environ.get("RECOBRO_BASEMAP", "")
    if named:
        return named
    with tempfile.TemporaryDirectory() as scratch:
        drawn = Path(scratch) / "basemap.pmtiles"
        subprocess.run(
            [sys.executable, "-m", "local.basemap", str(drawn)], cwd=HERE.parent, check=True
        )
        return site.write_hashed("basemap", ".pmtiles", drawn.read_bytes())


def install_packages() -> None:
    """``npm ci`` when the lock has changed since the last time."""
    lock = HERE / "package-lock.json"
    stamp = HERE / "node_modules" / ".lock-digest"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    subprocess.run(
        [tool("npm"), "ci", "--no-progress"], cwd=HERE, check=True, env={**os.environ, "PATH": path}
    )
    stamp.write_text(digest)


# Pages


def menu_of(catalogue: list[dict[str, Any]], groups: list[str]) -> list[dict[str, Any]]:
    """
    The navigation, from what each page says of itself: ``{"group", "icon", "who"?, "tab"?}``.

    Entries keep the catalogue's order. ``who`` is ``staff``, ``admin`` or absent for everyone; a
    group is seen by whoever sees any of its entries, and one without entries is left out. ``tab``
    puts an entry into a telephone's bar, which has room for four beside "more".

    Raises:
        ValueError: a page names a group that is not listed, or the bar is over-full.
    """
    entries = [{"name": page["name"], **page["menu"]} for page in catalogue if "menu" in page]
    strays = {entry["group"] for entry in entries} - set(groups)
    if strays:
        raise ValueError(f"pages.json: no such group: {', '.join(sorted(strays))}")
    if sum(entry.get("tab", False) for entry in entries) > TABS:
        raise ValueError(f"pages.json: more than {TABS} tabs")
    menu = []
    for name in groups:
        own = [{"who": "", "tab": False, **each} for each in entries if each["group"] == name]
        if own:
            who = min((each["who"] for each in own), key=WIDEST_FIRST.index)
            menu.append({"name": name, "who": who, "entries": own})
    return menu


def render_pages(
    site: Site,
    catalogue: list[dict[str, Any]],
    *,
    menu: list[dict[str, Any]],
    scripts: Scripts,
    style_urls: dict[str, str],
    map_parts: MapParts,
    static: dict[str, str],
) -> list[dict[str, Any]]:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    icons = icon_paths()
    paths = page_paths()
    theme_url = scripts.entries["src/theme-early.js"]
    refusals = {one: write_texts(site, "refusals", one, refusal_texts(one)) for one in LANGUAGES}
    made = []
    for page in catalogue:
        entry_url = scripts.entries.get(page.get("entry", ""))
        chunk_urls = scripts.chunks.get(page.get("entry", ""), [])
        style_url = style_urls[page.get("style", "main")]
        for language in LANGUAGES:
            # Refusals are not met before an installed page stands: they come with what is later.
            later = [*page.get("later", ()), *(["errors"] if page.get("app") else [])]
            areas = (*SHARED_TEXTS, *page.get("texts", ()))
            texts = page_texts([area for area in areas if area not in later], language)
            later_texts = page_texts(later, language)
            if page.get("app"):  # without signal there is nothing to load them from
                later_texts = refusal_texts(language) | later_texts
            name = page["name"]
            texts_url = write_texts(site, name, language, texts) if entry_url else ""
            later_url = write_texts(site, f"{name}-later", language, later_texts) if later else ""
            html = environment.get_template(f"{page['template']}.html.jinja").render(
                page=page,
                menu=menu,
                nav=page.get("nav", page["name"]),
                language=language,
                languages=LANGUAGES,
                t=finder(texts, page["name"], language),
                path=lambda name, lang=language: localised(paths[name], lang),
                here=lambda lang, path=page["path"]: localised(path, lang),
                asset=static.__getitem__,
                icon_path=icons.__getitem__,
                style_url=style_url,
                map_parts=map_parts if page.get("map") else None,
                theme_url=theme_url,
                texts_url=texts_url,
                later_url=later_url,
                refusals_url="" if page.get("app") else refusals[language],
                entry_url=entry_url,
                chunk_urls=chunk_urls,
            )
            url = localised(page["path"], language)
            file = url.lstrip("/") + ("index.html" if url.endswith("/") else "")
            site.write(file, html.encode())
            first_load = [file, style_url, theme_url, texts_url, entry_url, *chunk_urls]
            first_load += [map_parts.style_url] if page.get("map") is True else []
            later_files = [later_url, map_parts.style_url if page.get("map") == "later" else ""]
            later_files += [map_parts.painter_url] if page.get("map") else []
            made.append(
                {
                    "name": page["name"],
                    "language": language,
                    "url": url,
                    "file": file,
                    "entry": page.get("entry"),
                    "app": page.get("app", False),
                    "later": [url.lstrip("/") for url in later_files if url],
                    "first_load": [name.lstrip("/") for name in first_load if name],
                }
            )
    return made


def write_texts(site: Site, page: str, language: str, texts: dict[str, str]) -> str:
    """Texts travel as a module, so that they are preloaded and cached like the code."""
    content = "export default " + json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return site.write_hashed(f"texts-{page}-{language}", ".js", content.encode())


def finder(texts: dict[str, str], page: str, language: str) -> Any:
    def find(key: str) -> str:
        for known in (key, f"common.{key}"):
            if known in texts:
                return texts[known]
        raise KeyError(f"page {page} ({language}) has no text {key}")

    return find


def localised(path: str, language: str) -> str:
    return path if language == "es" else f"/{language}{path}"


def page_paths() -> dict[str, str]:
    """Where the scripts think pages live, so that static and scripted links agree."""
    source = (HERE / "src" / "core" / "paths.js").read_text("utf-8")
    return dict(re.findall(r"^  (\w+): '(/[^']*)',$", source, re.MULTILINE))


def icon_paths() -> dict[str, str]:
    """The icons of the scripts, for the static part of the pages: one drawing, one place."""
    source = (HERE / "src" / "core" / "ui" / "icons.js").read_text("utf-8")
    return dict(re.findall(r"^  (\w+): '([^']+)',$", source, re.MULTILINE))


if __name__ == "__main__":
    raise SystemExit(main())
