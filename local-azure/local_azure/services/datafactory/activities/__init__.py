"""The activities: one file per type."""
