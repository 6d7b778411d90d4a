"""Data factories on the embedded Azure, brought up by the real engine."""
