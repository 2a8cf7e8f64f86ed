"""Measures: what a replication came to, as whole numbers that add up, and the definition of each figure."""
