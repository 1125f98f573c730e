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
  [openssl]=openssl
  [cc]=gcc
  [turnserver]=coturn
  [nft]=nftables
  [certutil]=libnss3-tools
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
  # GStreamer's webrtcbin and its bindings, for the system's own Python.
  bindings='import gi; gi.require_version("GstWebRTC", "1.0"); gi.require_version("GstApp", "1.0")'
  /usr/bin/python3 -c "$bindings" 2>/dev/null || missing+=(python3-gi gir1.2-gst-plugins-base-1.0 gir1.2-gst-plugins-bad-1.0)
  # GStreamer's RTSP server, a camera that is none of ours.
  rtsp='import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer'
  /usr/bin/python3 -c "$rtsp" 2>/dev/null || missing+=(gir1.2-gst-rtsp-server-1.0)
  for plugin in nice:gstreamer1.0-nice opus:gstreamer1.0-plugins-base vpx:gstreamer1.0-plugins-good \
    dtls:gstreamer1.0-plugins-bad x264:gstreamer1.0-plugins-ugly; do
    ls /usr/lib/*/gstreamer-1.0/libgst"${plugin%%:*}".so >/dev/null 2>&1 || missing+=("${plugin#*:}")
  done
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
