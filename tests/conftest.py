"""Settings for all tests."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ahpvalue", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ahpvalue")
