"""The activities, all of them listed in ``types``."""
