"""Who may do what: grants, roles, principals, secrets that are kept."""
