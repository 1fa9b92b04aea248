"""Hypothesis profiles: ``dev`` at the desk, ``ci`` reproducible, ``thorough`` for long counts."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=slow)
settings.register_profile(
    "ci", max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=slow
)
settings.register_profile("thorough", max_examples=2000, deadline=None, suppress_health_check=slow)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

# Tests that end programs by a signal expect its usual effect, also where they were started under nohup.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

ON_EVERY_PYTHON = ("core/", "record/", "sim/", "stores/", "inference/", "scenarios/", "cli/test_verbs.py")
"""What a run is made of, and each verb once; what is said of runs is the same bytes, whatever plays them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the rest ``once``, and what PostgreSQL does: .ci/run tests it on the first Python alone."""
    tests = Path(__file__).parent
    for item in items:
        if tests in item.path.parents:
            on_every_python = item.path.relative_to(tests).as_posix().startswith(ON_EVERY_PYTHON)
            if not on_every_python or item.get_closest_marker("postgres"):
                item.add_marker("once")
