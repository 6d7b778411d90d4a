"""The policy pack in Pulumi's own engine."""
