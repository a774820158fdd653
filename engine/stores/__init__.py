"""The journal on a database: what was decided and done, and what must be remembered over a restart."""
