#!/usr/bin/env bash
# Every check, in the order in which a mistake is cheapest to find. Called by `make test` and `make check`.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
# Some hundred processes of the hub begin in these tests: what they load is compiled once, whatever the one who calls this prefers.
export PYTHONDONTWRITEBYTECODE=

step() { printf '\n== %s\n' "$1"; shift; local begun=$SECONDS; "$@"; printf '   %s s\n' "$((SECONDS - begun))"; }
pages() { (cd clients/web && npm run --silent "$1"); }

step "format" $python -m ruff format --check .
step "lint" $python -m ruff check .
step "types" $python -m mypy
step "import contracts" .venv/bin/lint-imports
step "generated types" $python -m signaling.typescript --check
step "lists of the docs" $python -m tools.docs_lists --check
step "third-party notices" $python -m tools.third_party --check
step "pages: lint" pages lint
step "pages: types" pages types
step "pages: unit tests" pages test
[ "${1:-}" = quick ] && exit 0
# The demo that hubs begin from is made once for all of them.
TEST_DEMO=$(mktemp -d)
export TEST_DEMO
trap 'rm -rf "$TEST_DEMO"' EXIT
# Some at a time: most of what they do is waiting. A file stays in one process, for what its tests share.
# What failed is tried once more by itself, and named if it passes then: see tools/tried_twice.py.
step "unit tests" $python -m tools.tried_twice -n 2 --dist loadfile tests/unit
step "in-process tests" $python -m tools.tried_twice -n 3 --dist loadfile tests/inproc
step "browser tests: pages" $python -m tools.tried_twice -n 2 --dist loadfile -m "not alone" tests/e2e
step "browser tests: media in real time" $python -m tools.tried_twice -m alone tests/e2e
