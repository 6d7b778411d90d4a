"""Who may do what: role definitions, role assignments and the one function that decides."""
