"""A mirror of its own for each test."""

from pathlib import Path
from typing import Any

import pytest

from cms.mirror import worker
from cms.mirror.files import Store


@pytest.fixture
def mirror(settings: Any, tmp_path: Path) -> Store:
    """An empty mirror, which the worker writes."""
    settings.MIRROR_ROOT = tmp_path / "mirror"
    return worker.store()
