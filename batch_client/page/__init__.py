"""A local page over a stack: its files, what came of each, logs and predictions. It only reads."""
