"""What a Copy activity does: find files in one place on blob storage, write them to another."""
