"""The embedded Azure, driven by the real SDK clients."""
