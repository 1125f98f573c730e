#!/usr/bin/env bash
# Every check, in the order in which a mistake is cheapest to find. Called by `make test` and `make check`.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
# Some hundred processes of the hub begin in these tests: what they load is compiled once, whatever the one who calls this prefers.
export PYTHONDONTWRITEBYTECODE=

step() { printf '\n== %s\n' "$1"; shift; local begun=$SECONDS; "$@"; printf '   %s s\n' "$((SECONDS - begun))"; }
pages() { (cd clients/web && npm run --silent "$1"); }

# Each of the pages' two runs on one core: they go on beside those of Python, and are told after them.
told=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$told"' EXIT
(set -e; step "pages: lint" pages lint; step "pages: types" pages types) > "$told/pages" 2>&1 &
beside=$!

step "format" $python -m ruff format --check .
step "lint" $python -m ruff check .
step "types" $python -m mypy
step "import contracts" .venv/bin/lint-imports
step "generated types" $python -m signaling.typescript --check
step "lists of the docs" $python -m tools.docs_lists --check
step "third-party notices" $python -m tools.third_party --check
code=0
wait $beside || code=$?
cat "$told/pages"
[ $code = 0 ] || exit $code
step "pages: unit tests" pages test
[ "${1:-}" = quick ] && exit 0
# The demo that hubs begin from is made once for all of them.
export TEST_DEMO=$told/demo
mkdir "$TEST_DEMO"
# Some at a time: most of what they do is waiting. A file stays in one process, for what its tests share.
# What failed is tried once more by itself, and named if it passes then: see tools/tried_twice.py.
step "unit tests" $python -m tools.tried_twice -n 2 --dist loadfile tests/unit
step "in-process tests" $python -m tools.tried_twice -n 3 --dist loadfile tests/inproc
step "browser tests: pages" $python -m tools.tried_twice -n 2 --dist loadfile -m "not alone" tests/e2e
step "browser tests: media in real time" $python -m tools.tried_twice -m alone tests/e2e
