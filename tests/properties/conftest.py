"""One deterministic profile for every property: the same examples on every machine and at every run."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rekha",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
settings.load_profile("rekha")
