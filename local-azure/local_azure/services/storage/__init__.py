"""Storage: blobs in a real Azurite, behind a front that checks rights and raises events."""
