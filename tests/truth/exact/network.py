"""Stations that hand contacts up and send them back: a network of product form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Station:
    """A tier: its agents, at what rate each handles, and what becomes of the contacts that it does not send back."""

    agents: int
    handled: float
    hands_up: Mapping[int, float]
    """Share of all by the station that gets them."""
    sends_back: float = 0.0
    """Share of all, as long as it may."""


def visits(stations: Sequence[Station], returns: int) -> list[float]:
    """Mean number of stays of a contact at each station; it begins at the first.

    A station sends a contact back to the one that handed it up, at most `returns` times; beyond that what it would send
    back is handed up or ends as all else does. A contact's further way depends on who handed it up and who sent it
    back, which makes it one of finitely many classes. All classes of a station are handled at the same rate, first come
    first served, so that the network has product form (F. P. Kelly, Reversibility and Stochastic Networks, 1979,
    theorem 3.1) and each station, its arrivals of all classes together, is M/M/n.
    """
    stays = [0.0] * len(stations)

    def stay(at: int, handed_up_by: tuple[int, ...], sent_back: tuple[int, ...], probability: float) -> None:
        stays[at] += probability
        station = stations[at]
        back = station.sends_back if handed_up_by and sent_back[at] < returns else 0.0
        if back:
            once_more = tuple(times + (who == at) for who, times in enumerate(sent_back))
            stay(handed_up_by[-1], handed_up_by[:-1], once_more, probability * back)
        kept = (1.0 - back) / (1.0 - station.sends_back)
        for to, share in station.hands_up.items():
            stay(to, (*handed_up_by, at), sent_back, probability * share * kept)

    stay(0, (), (0,) * len(stations), 1.0)
    return stays
