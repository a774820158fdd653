"""The language of scenario files: what a simulated day starts from and what happens on it, in a trader's words."""
