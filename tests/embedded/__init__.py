"""What the embedded Azure says of this project's own templates, documents, settings and samples."""
