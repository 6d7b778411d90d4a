"""Key Vault's data plane: secrets, sealed at rest, behind role checks."""
