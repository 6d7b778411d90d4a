"""The services: each a folder with the same few files; none knows another."""
