"""What the hub says of itself."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

HUB: Final = (
    Operation("get", "/api/v1/openapi.json", "This description", "OpenApi"),
    Operation("get", "/healthz", "200 while the process lives", "Alive", open=True),
    Operation("get", "/readyz", "Whether every part is there", "Ready", refusals=(503,), open=True),
    Operation("get", "/metrics", "Prometheus text", "text/plain", open=True),
)
