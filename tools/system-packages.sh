#!/usr/bin/env bash
# Checks for the system packages that the tests need. As root it installs what is missing; else it names it and stops.
set -euo pipefail

declare -A package=(
  [chromium]=chromium
  [firefox-esr]=firefox-esr
  [Xvfb]=xvfb
  [pulseaudio]=pulseaudio
  [redis-server]=redis-server
  [espeak-ng]=espeak-ng
  [cc]=gcc
)
missing=()
if [ "${1:-}" = venv ]; then
  missing+=(python3-venv)
else
  for command in "${!package[@]}"; do
    command -v "$command" >/dev/null || missing+=("${package[$command]}")
  done
  ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
  [ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
  [ -n "$(find /usr/share/fonts -iname '*notosanscjk*' -print -quit 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
fi

[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ]; then
  echo "Missing system packages: ${missing[*]}" >&2
  echo "Install them with: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
command -v apt-get >/dev/null || { echo "Missing system packages: ${missing[*]} (no apt-get here to install them)" >&2; exit 1; }
echo "installing system packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
