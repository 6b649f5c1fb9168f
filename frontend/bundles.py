"""Scripts and styles of the site: what is bundled with what, by esbuild."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from output import Site
from tools import tool

HERE = Path(__file__).resolve().parent
STYLES = {"main": "site", "map": "map", "field": "field"}  # sheet -> stem of what is built from it
PAINTER = "src/core/map/ground-worker.js"  # a thread of its own: no page imports it
# The first screen of an installed page, in one file.
APP_SHELL = "src/field/shell.js"


@dataclass
class Scripts:
    entries: dict[str, str]  # source path -> URL
    chunks: dict[str, list[str]]  # source path -> URLs of the chunks it needs at once
    later: dict[str, list[str]]  # source path -> URLs of what it may load when it is asked for


def bundle_scripts(site: Site, catalogue: list[dict[str, Any]]) -> Scripts:
    """
    Bundle every page's entry with shared chunks; names carry the content's hash.

    Pages that are installed share with no other: what they have in common would be in pieces along
    the borders of all pages, and on a slow line each piece is a wait of its own.
    """
    apps = sorted({page["entry"] for page in catalogue if page.get("app")})
    others = sorted({page["entry"] for page in catalogue if "entry" in page} - set(apps))
    scripts = Scripts({}, {}, {})
    bundle(site, [*others, "src/theme-early.js"], scripts)
    bundle(site, [PAINTER], scripts)
    for entry in apps:
        bundle(site, [entry], scripts, f"--inject:{APP_SHELL}")
    return scripts


def bundle(site: Site, entries: list[str], scripts: Scripts, *options: str) -> None:
    """Bundle entries that share chunks with one another; adds them to ``scripts``."""
    with tempfile.TemporaryDirectory() as scratch:
        meta_file = Path(scratch) / "meta.json"
        esbuild(
            *entries,
            *options,
            "--bundle",
            "--splitting",
            "--format=esm",
            "--target=es2022",
            "--minify",
            "--legal-comments=none",
            "--entry-names=[name]-[hash]",
            "--chunk-names=part-[hash]",
            f"--outdir={scratch}/out",
            f"--metafile={meta_file}",
        )
        meta = json.loads(meta_file.read_text("utf-8"))
        urls = {}
        for output in meta["outputs"]:
            built = HERE / output
            urls[output] = site.write(f"assets/{built.name}", built.read_bytes(), immutable=True)
    for name, facts in meta["outputs"].items():
        entry = facts.get("entryPoint")
        if entry in entries:
            scripts.entries[entry] = urls[name]
            scripts.chunks[entry] = [urls[one] for one in imports(meta, name, AT_ONCE)]
            scripts.later[entry] = [urls[one] for one in imports(meta, name, EVER)]


AT_ONCE = {"import-statement"}
EVER = {"import-statement", "dynamic-import"}


def imports(meta: dict[str, Any], output: str, kinds: set[str]) -> list[str]:
    """Outputs that ``output`` leads to by links of these kinds, nearest first."""
    found: list[str] = []
    waiting = [output]
    while waiting:
        for link in meta["outputs"][waiting.pop(0)]["imports"]:
            # A page's texts are imported by an address that only the page knows.
            known = link["path"] in meta["outputs"]
            if known and link["kind"] in kinds and link["path"] not in found:
                found.append(link["path"])
                waiting.append(link["path"])
    return found


def bundle_styles(site: Site, sheet: str) -> str:
    stem = STYLES[sheet]
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / f"{stem}.css"
        esbuild(
            f"styles/{sheet}.css",
            "--bundle",
            "--minify",
            "--target=chrome123,firefox120,safari17.5",
            f"--outfile={target}",
        )
        return site.write_hashed(stem, ".css", target.read_bytes())


def bundle_worker() -> bytes:
    """The service worker of installed pages, without its list."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "sw.js"
        esbuild(
            "src/field/sw.js",
            "--bundle",
            "--format=iife",
            "--target=es2022",
            "--minify",
            f"--outfile={target}",
        )
        return target.read_bytes()


def esbuild(*arguments: str) -> None:
    command = [
        tool("node"),
        str(HERE / "node_modules" / "esbuild" / "bin" / "esbuild"),
        *arguments,
        "--log-level=warning",
    ]
    subprocess.run(command, cwd=HERE, check=True)
