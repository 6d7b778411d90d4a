"""Private endpoints, zones and subnets of a stack that is private."""
