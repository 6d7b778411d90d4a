"""The stack's configuration: its only reader is `load`, its pure core is `read`.

What is wrong is told in one message, before any resource. What can't be known without asking
Azure (whether a thing to adopt exists) is not checked here.
"""

from components.settings.loading import load
from components.settings.model import Settings
from components.settings.problems import SettingsError
from components.settings.reading import read

__all__ = ["Settings", "SettingsError", "load", "read"]
