"""One migration a module, in the order their names tell."""
