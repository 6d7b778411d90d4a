"""All tests; each folder says what its own are about."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
