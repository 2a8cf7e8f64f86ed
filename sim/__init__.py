"""madoguchi: a simulator of support operations and a staffing planner."""
