"""Cameras, as entries tell of them."""

from __future__ import annotations

from hub.store.tables.columns import code, number, projection

# Which entries tell of a camera: who watched it, a picture of it, a change of it.
camera_entries = projection("camera_entries", code("camera", key=True), number("seq", key=True), code("kind"))
