"""Rules for events: which ones, which of them, to whom; of the workspace and of a domain."""
