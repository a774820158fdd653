"""Names of the language's second tier, so that the checker answers "known, comes later" and not "unknown"."""

from types import MappingProxyType

LATER_FACTS = MappingProxyType(dict[str, str]())

# The rows by both their names; a field of one is `underlying.loss`.
LATER_ROWS = MappingProxyType(dict[str, str]())

LATER_FIELDS = MappingProxyType(dict[str, str]())
