"""An Azure embedded in this repository: the services that the program uses, on loopback.

It answers under Azure's own host names, for the program's resources and for real SDK clients.
It is stricter than Azure, never laxer; DIFFERENCES.md lists what differs.
"""
