"""The recorded facts, asked of a real subscription: ``make conformance SUBSCRIPTION=…``.

It brings the dev stack up in a resource group of its own, makes there what the facts speak of, asks
all of them, and removes everything. It uses the signed-in shell as `make up` does, and can't tell
who answers: a test runs it against an embedded Azure.
"""
