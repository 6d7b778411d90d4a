"""Microsoft Entra ID as far as tokens need it: principals, their secrets, and signed tokens."""
