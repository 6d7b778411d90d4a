"""The actions that a workflow can have: one type per file, all of them listed in ``types``."""
