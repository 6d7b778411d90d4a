"""What every stack holds to, as rules over what it would create."""
