#!/usr/bin/env bash
# Adds to each foreign image in Dockerfile and docker-compose.yml the digest that its registry gives for its tag now, or renews it:
# a build and a start then get what was looked at, whatever becomes of the tag. Needs docker with buildx, and the registry.
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
files=(Dockerfile docker-compose.yml)

# name:tag of every image that is not built here, without a digest it may have.
images() {
  { sed -nE 's/^FROM +([^ ]+).*/\1/p' Dockerfile; sed -nE 's/^ *image: *([^ ]+).*/\1/p' docker-compose.yml; } |
    grep -v '^lianxian[:@]' | sed 's/@.*//' | sort -u
}

for image in $(images); do
  digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image")
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "$image: no digest but '$digest'" >&2; exit 1; }
  escaped=${image//./\\.}
  sed -i -E "s#((FROM|image:) +$escaped)(@sha256:[0-9a-f]{64})?( |\$)#\1@$digest\4#" "${files[@]}"
  echo "$image@$digest"
done
