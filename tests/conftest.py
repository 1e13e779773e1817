"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import pytest
import structlog
from hypothesis import settings

from tests.archive.stocked import root, stock

__all__ = ["root", "stock"]

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def _nobody_elses_log():
    """A command that ran in this process has set up the log for itself: who listens next hears all of it again."""
    yield
    structlog.reset_defaults()
