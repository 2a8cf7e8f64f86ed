"""Experiments: replications side by side and the estimates, with intervals, that come of them."""
