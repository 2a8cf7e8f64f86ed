"""Erlang B, C and A: the steady state of one queue with n equal agents, by formula.

All three take Poisson arrivals and exponential handle times. They differ in what happens to a contact that finds
every agent busy: it is turned away (B), it waits as long as it takes (C), or it waits and leaves when its patience,
exponential as well, is over (A). Handle time means the whole time an agent is held: talk and wrap-up.

Arrivals are per hour, times in seconds, the offered load in Erlangs (arrivals per second × handle time in seconds).
B and A hold for any load, none or far above the agents, and for any number of agents from none to 100,000 and more.

The other way round: `least_agents` and `most_arrivals` for `Goals`, `least_lines` and `most_load` for blocking,
`Queue.reached_within` for a share answered. `square_root_agents` is the rule of thumb beside them. `answer` and
`answer_intervals` are the calculator behind `madoguchi erlang`.

Sources
-------
- A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic telephone
  exchanges", Elektroteknikeren 13 (1917): B and C.
- C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1 (1957): A.
- O. Garnett, A. Mandelbaum and M. Reiman, "Designing a call center with impatient customers", Manufacturing & Service
  Operations Management 4 (2002): A, its measures and limits, the square-root rule with patience.
- S. Halfin and W. Whitt, "Heavy-traffic limits for queues with many exponential servers", Operations Research 29
  (1981): the square-root rule.
- S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the M/M/n+G queue",
  Queueing Systems 51 (2005): the measures as integrals over the virtual wait, which is how A is computed here.
"""

from sim.staffing.erlang.calculator import Answer, Question, answer
from sim.staffing.erlang.formulas import erlang_a, erlang_b, erlang_c
from sim.staffing.erlang.intervals import answer_intervals
from sim.staffing.erlang.inverse import Goals, least_agents, least_lines, most_arrivals, most_load
from sim.staffing.erlang.queue import Queue, Reading
from sim.staffing.erlang.square_root import square_root_agents, square_root_safety, square_root_waits

__all__ = [
    "Answer",
    "Goals",
    "Question",
    "Queue",
    "Reading",
    "answer",
    "answer_intervals",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "least_agents",
    "least_lines",
    "most_arrivals",
    "most_load",
    "square_root_agents",
    "square_root_safety",
    "square_root_waits",
]
