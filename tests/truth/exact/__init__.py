"""Exact values to hold the simulation against: formulas and Markov chains, computed without chance.

One module is one kind of desk. Rates are per unit of time and times in that unit, whichever it is. Arrivals are
Poisson, handle times exponential unless said otherwise, queues first come first served. A queue that has no end is cut
where it holds less than `chain.NEGLIGIBLE`, and a cut that holds more is refused. Each function says what it assumes;
`test_*.py` beside them hold the solvers to hand-worked values, limits, identities and each other.
"""
