"""The commands; each imports only what it needs, so that a check feels instant."""
