"""Pulumi's providers azure-native, azuread and random, answered by the embedded Azure."""
