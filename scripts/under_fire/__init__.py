"""The tests of scripts/fire, a module for each, and what they share: servers, clients and verdicts."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURE = ROOT / "docs/images/cat.jpg"
