#!/usr/bin/env bash
# Rewrite the lock files from the .in files (make lock). Versions in force are kept unless UPGRADE=1.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv-uv/bin/uv
options=(-q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11)
[ -z "${UPGRADE:-}" ] || options+=(--upgrade)
$uv pip compile "${options[@]}" requirements-uv.in -o requirements-uv.txt
$uv pip compile "${options[@]}" requirements.in -o requirements.txt
$uv pip compile "${options[@]}" -c requirements.txt requirements-dev.in -o requirements-dev.txt
$uv pip compile "${options[@]}" -c requirements.txt requirements-lake.in -o requirements-lake.txt
# PyVRP asks for matplotlib, which it imports only to draw.
$uv pip compile "${options[@]}" -c requirements-dev.txt --override <(echo 'matplotlib; python_version < "3"') \
  requirements-planner.in -o requirements-planner.txt
$uv pip compile "${options[@]}" requirements-cloud.in -o requirements-cloud.txt
$uv pip compile "${options[@]}" requirements-scan.in -o requirements-scan.txt
