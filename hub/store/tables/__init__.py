"""Every table as it is now, a file a theme. How databases get here from older shapes stands in hub/store/migrations."""

from __future__ import annotations

from typing import Final

from hub.store.tables.booked import *  # noqa: F403
from hub.store.tables.camera_entries import *  # noqa: F403
from hub.store.tables.cameras import *  # noqa: F403
from hub.store.tables.chain import *  # noqa: F403
from hub.store.tables.columns import metadata as metadata
from hub.store.tables.columns import projections
from hub.store.tables.conference import *  # noqa: F403
from hub.store.tables.custody import *  # noqa: F403
from hub.store.tables.devices import *  # noqa: F403
from hub.store.tables.directory import *  # noqa: F403
from hub.store.tables.dispatch import *  # noqa: F403
from hub.store.tables.duty import *  # noqa: F403
from hub.store.tables.errands import *  # noqa: F403
from hub.store.tables.files import *  # noqa: F403
from hub.store.tables.found import *  # noqa: F403
from hub.store.tables.grid_tasks import *  # noqa: F403
from hub.store.tables.grids import *  # noqa: F403
from hub.store.tables.incidents import *  # noqa: F403
from hub.store.tables.lists import *  # noqa: F403
from hub.store.tables.minutes import *  # noqa: F403
from hub.store.tables.patrol import *  # noqa: F403
from hub.store.tables.registry import *  # noqa: F403
from hub.store.tables.sign_in import *  # noqa: F403
from hub.store.tables.spoken import *  # noqa: F403
from hub.store.tables.sweeps import *  # noqa: F403
from hub.store.tables.tasks import *  # noqa: F403
from hub.store.tables.voiced import *  # noqa: F403
from hub.store.tables.work import *  # noqa: F403

#: The tables that a rebuild empties and fills again from entries.
PROJECTIONS: Final = projections()
