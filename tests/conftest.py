"""What holds for all tests.

The YAML files below are data of tests: the pytest plugin that is tested here leaves them alone. What properties are
tried on is the same each time, and nothing fails because a machine is busy.
"""

from hypothesis import settings

collect_ignore_glob = ["*.yaml", "*.yml"]

settings.register_profile("same each time", derandomize=True, deadline=None)
settings.load_profile("same each time")
