"""The actions that a workflow can have, all of them listed in ``types``."""
