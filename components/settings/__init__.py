"""What a stack file says: read once, checked as a whole, typed."""

from components.settings.loading import load
from components.settings.problems import SettingsError
from components.settings.reading import read
from components.settings.settings import Settings

__all__ = ["Settings", "SettingsError", "load", "read"]
