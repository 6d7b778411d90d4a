"""The control plane: which resources exist, and what each type demands and answers."""
