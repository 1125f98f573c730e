"""Every operation of the HTTP API, a file a theme; tests hold it against the routes."""

from __future__ import annotations

from typing import Final

from signaling.operations.cameras import CAMERAS
from signaling.operations.custody import CUSTODY
from signaling.operations.dispatch import DISPATCH
from signaling.operations.evidence import EVIDENCE
from signaling.operations.files import FILES
from signaling.operations.grids import GRIDS
from signaling.operations.house import HOUSE
from signaling.operations.hub import HUB
from signaling.operations.jobs import JOBS
from signaling.operations.lists import LISTS
from signaling.operations.media import MEDIA
from signaling.operations.meetings import MEETINGS
from signaling.operations.minutes import MINUTES
from signaling.operations.operation import Operation
from signaling.operations.patrol import PATROL
from signaling.operations.registry import REGISTRY
from signaling.operations.sign_in import SIGN_IN
from signaling.operations.statistics import STATISTICS
from signaling.operations.sweeps import SWEEPS
from signaling.operations.upkeep import UPKEEP
from signaling.operations.views import VIEWS

OPERATIONS: Final[tuple[Operation, ...]] = (
    *SIGN_IN,
    *HOUSE,
    *MEETINGS,
    *MINUTES,
    *EVIDENCE,
    *CUSTODY,
    *DISPATCH,
    *PATROL,
    *GRIDS,
    *SWEEPS,
    *REGISTRY,
    *VIEWS,
    *LISTS,
    *CAMERAS,
    *STATISTICS,
    *UPKEEP,
    *FILES,
    *JOBS,
    *MEDIA,
    *HUB,
)
