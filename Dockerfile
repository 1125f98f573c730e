# One image for every service; the command says which. Base images are named by what they are; tools/pin-images.sh
# adds their digests where a registry can be asked (docs/operations.md).
FROM node:22-bookworm-slim AS pages
WORKDIR /src/clients/web
COPY clients/web/package.json clients/web/package-lock.json clients/web/.npmrc* ./
RUN npm ci --no-audit --no-fund
COPY clients/web ./
RUN npm run build

FROM gcc:12-bookworm AS native
WORKDIR /src
COPY tools/build-native.sh tools/build-native.sh
COPY hub/media/native hub/media/native
RUN tools/build-native.sh && test -e hub/media/native/loops.so

FROM python:3.11-slim-bookworm
WORKDIR /srv/lianxian
# The relay for networks that block UDP (`hub turn`).
RUN apt-get update && apt-get install -y --no-install-recommends coturn fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
COPY requirements/installer.txt requirements/runtime.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/installer.txt \
 && pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY hub hub
COPY --from=native /src/hub/media/native/loops.so hub/media/native/loops.so
COPY signaling signaling
COPY recordings recordings
COPY clients/__init__.py clients/__init__.py
COPY clients/station clients/station
COPY --from=pages /src/clients/web/dist clients/web/dist
COPY THIRD-PARTY-NOTICES ./
COPY THIRD-PARTY-NOTICES clients/web/dist/third-party-notices.txt
RUN useradd --system --uid 10001 --create-home lianxian && mkdir -p /data && chown lianxian /data
USER lianxian
ENV HUB_DATA_DIR=/data PYTHONUNBUFFERED=1
VOLUME /data
ENTRYPOINT ["python", "-m", "hub"]
CMD ["serve"]
