"""Keeps nodes and recorder in step with the journal: compares what ought to be with what is."""

from hub.coordination.service import Coordination
from hub.coordination.sessions import MediaSession

__all__ = ["Coordination", "MediaSession"]
