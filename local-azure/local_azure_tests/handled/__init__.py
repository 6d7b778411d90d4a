"""What handlers of events do outside of Azure: e-mails, and dispatches to a repository."""
