"""Data Lake Storage Gen2: files and directories over an account's blobs, for what has its host."""
