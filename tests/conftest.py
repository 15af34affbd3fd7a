"""What every test has: no settings from outside, and no deadline on a busy machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from searcher import reindex

SEEDS = Path(__file__).parents[1] / "seeds"

settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SEARCHER_INDEX", "SEARCHER_SOURCE", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the seeds, for tests that only read it."""
    location = tmp_path_factory.mktemp("seeds") / "index"
    reindex(SEEDS, location)
    return location
