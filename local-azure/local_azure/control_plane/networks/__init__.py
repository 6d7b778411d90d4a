"""Who reaches what: private endpoints' connections, where a call comes from, and firewalls."""
