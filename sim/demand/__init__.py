"""Demand: the chance of one replication, dealt before its clock starts."""
