"""What an author who names an event that is not there is told."""

from engine.policy.findings import suggestion


def no_event(name: str, known: tuple[str, ...]) -> tuple[str, str]:
    """Return what an author who names an event that is not there is told, and what would be right."""
    if not known:
        return f"there is no event '{name}'", "events stand in calendar.yaml, beside the policies"
    return f"there is no event '{name}' in calendar.yaml", suggestion(name, known) or f"it has {', '.join(known)}"
