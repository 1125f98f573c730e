#!/usr/bin/env bash
# Compiles the hub's two inner loops (hub/media/native). Without a C compiler it says so and succeeds: the hub then forwards in Python.
# `make test` installs a compiler where it may (tools/system-packages.sh).
set -euo pipefail
cd "$(dirname "$0")/../hub/media/native"
compiler=$(command -v "${CC:-cc}" || command -v gcc || command -v clang || true)
if [ -z "$compiler" ]; then
  echo "no C compiler: the hub will forward packets in Python, at about twice the cost" >&2
  exit 0
fi
source=$(cat feedback.h seal.h fan_out.h intake.h feedback.c seal.c fan_out.c intake.c | sha256sum | cut -d' ' -f1)
if ! "$compiler" -std=c11 -O2 -fPIC -shared -Wall -Wextra -DHUB_SOURCE="\"$source\"" -o loops.so.new feedback.c seal.c fan_out.c intake.c; then
  echo "the compiled loops cannot be built here: the hub will forward packets in Python, at about twice the cost" >&2
  exit 0
fi
mv loops.so.new loops.so
