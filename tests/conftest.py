"""Fixtures for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.support.postgres import database_url, postgres

__all__ = ["database_url", "postgres"]

# How long an example takes says more of the machine's other work than of the code; what must be quick has a benchmark.
settings.register_profile("lianxian", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lianxian")
