from hypothesis import settings

# A busy machine is no failure: examples are judged by what they find, not by the clock.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
