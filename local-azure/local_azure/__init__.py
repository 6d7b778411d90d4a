"""An Azure on loopback: the services that Pulumi programs for batch endpoints use.

It answers under Azure's own host names, to the Pulumi engine and to real SDK clients.
It is stricter than Azure, never laxer; DIFFERENCES.md lists what differs.
"""
