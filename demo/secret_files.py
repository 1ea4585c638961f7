"""Files of the demo that hold passwords."""

import json
import os
from pathlib import Path
from typing import Any


def write_secret(path: Path, facts: dict[str, Any]) -> None:
    """Write ``facts`` as JSON, readable by the owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(facts, file, ensure_ascii=False, indent=1)
