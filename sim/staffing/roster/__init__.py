"""Who works which shift: named people to the headcounts of a scenario.

Rules
-----
- A *post* is a shift on a date; it needs the people of its headcount (`exceptions` apply). A person fills a post of a
  group that they have the skill for, at most one a day, counted by the date on which the shift begins.
- Never broken: days off, the rest between the end of a shift and the begin of the next, the longest run of days at
  work, days off a week, and the contract's hours: paid hours of a week (Monday to Sunday, as far as the scenario goes).
- Else the least penalty: 100 for each person that a post lacks, 2 for each hour below what a contract guarantees, and
  for each broken wish its weight (1 unless it says so). So no wish leaves a post empty until it weighs as much.
- Never more people than the headcount.
- A roster of many people over many weeks is solved in stages of whole weeks (`stages`); its gap counts what that costs.
"""

from sim.staffing.roster.people import Person, read_people
from sim.staffing.roster.posts import Post, posts_of
from sim.staffing.roster.rostering import Roster, roster
from sim.staffing.roster.wishes import Wish

__all__ = ["Person", "Post", "Roster", "Wish", "posts_of", "read_people", "roster"]
