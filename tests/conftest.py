"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.hub_process import HubProcess
from tests.support.long_files import longest_first
from tests.support.postgres import database_url, postgres

__all__ = ["database_url", "postgres"]

# How long an example takes says more of the machine's other work than of the code; what must be quick has a benchmark.
settings.register_profile("lianxian", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lianxian")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever order they were shuffled into, the longest files begin first: see tests/support/long_files.py."""
    longest_first(items)


@pytest.fixture(scope="session", autouse=True)
def _one_demo_for_all_hubs(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hubs begin with the same demo, those of processes that test at the same time, too.

    `TEST_DEMO` names a folder where it is kept for several runs.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    HubProcess.shared = Path(os.environ.get("TEST_DEMO") or folder) / "demo"
