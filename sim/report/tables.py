"""The report of a run for a terminal: targets first, then channels, tiers, agent groups, self-service and cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from sim.report.controls import with_controls
from sim.report.days import by_day
from sim.report.deadlines import READINGS, deadlines, in_reading, live_levels
from sim.report.erlang_table import erlang_beside
from sim.report.grid import Grid, Line
from sim.report.hours import hardest_hours
from sim.report.languages import by_language
from sim.report.readings import Lines, readings_by, readings_in
from sim.report.targets import TargetTable, how_days_vary
from sim.report.wording import day_and_time
from sim.scenario.calendar import Calendar
from sim.scenario.errors import listed
from sim.scenario.units import write_duration

if TYPE_CHECKING:
    from sim.experiment.result import Result


class RunReport:
    """What a planner reads of a run, for printing with Rich.

    Parameters
    ----------
    result
        Of the run.
    """

    def __init__(self, result: Result) -> None:
        self._result = result
        self._scenario = result.scenario

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give the head and the sections, a blank line before each."""
        yield from self._head()
        for section in self._sections():
            yield Text()
            yield section

    def _head(self) -> Iterator[Text]:
        calendar, warm_up = Calendar.of(self._scenario), self._scenario.time.warm_up
        begin, end = calendar.wall(warm_up), calendar.wall(calendar.length)
        after = f", measured after a warm-up of {write_duration(warm_up)}" if warm_up else ""
        yield Text(self._scenario.name, style="bold")
        yield Text(f"{day_and_time(begin)} to {day_and_time(end)} {calendar.zone}{after}")
        yield Text(f"Seed {self._result.seed}; {self._result.ended}.")
        if self._result.replications > 1:
            yield Text("± is half the 95 % confidence interval over the replications; (a–b) is an uneven interval.")
        else:
            yield Text("A single replication has no confidence intervals: its figures are one possible course.")

    def _sections(self) -> Iterator[RenderableType]:
        if self._scenario.targets:
            yield TargetTable(self._result)
            yield how_days_vary(self._result)
        yield from with_controls(self._result)
        live = [name for name, channel in sorted(self._scenario.channels.items()) if channel.waiting == "live"]
        backlog = [name for name in sorted(self._scenario.channels) if name not in live]
        tiers = list(self._scenario.tiers)
        if live:
            yield self._live_channels(live)
        if backlog:
            yield self._backlog_channels(backlog)
        if len(tiers) > 1 or any(target.tier for target in self._scenario.targets):
            yield self._tiers(tiers, live if live and backlog else None)
        groups = self._scenario.agent_groups
        yield self._agent_groups(sorted(groups, key=lambda name: (tiers.index(groups[name].tier), name)))
        if self._scenario.self_service:
            yield self._self_service(list(self._scenario.self_service))
        yield self._inquiries(sorted(self._scenario.contact_types))
        yield from by_language(self._result, live, backlog)
        if self._scenario.quality.satisfaction is not None:
            yield self._satisfaction([*live, *backlog])
        yield from by_day(self._result, live, backlog)
        yield from hardest_hours(self._result, live)
        yield from self._cost()
        yield from erlang_beside(self._result)

    def _live_channels(self, channels: list[str]) -> Grid:
        lines = Lines(self._result, "channel", channels)
        quick = {name: self._scenario.channels[name].short_abandon for name in channels}
        # With tickets, what waits is not on the line: the tiers' table tells the two apart.
        tickets = any(tier.handover == "ticket" for tier in self._scenario.tiers.values())
        left_out = ", ".join(f"{write_duration(limit)} on {name}" for name, limit in quick.items() if limit)
        levels = sorted(set().union(*live_levels(self._scenario, channels).values()))
        others = "".join(f"; {READINGS[reading]}" for reading in READINGS if reading in {each for _, each in levels})
        return Grid(
            "Live channels",
            tuple(channels),
            (
                lines.of("contacts offered", "offered"),
                *lines.if_any("of these asking for a case", "offered", attempt="chaser"),
                *(
                    lines.of(
                        f"service level{in_reading(reading)}, {write_duration(limit)}",
                        "service_level",
                        within=limit,
                        reading=reading,
                    )
                    for limit, reading in levels
                ),
                lines.of("average speed of answer", "average_speed_of_answer"),
                lines.of("90 % answered within", "wait_p90"),
                lines.of("abandonment", "abandonment"),
                *lines.if_any("of which silently", "abandonment", reading="silent"),
                *lines.if_any("agents' time with those", "silent_leavers_time"),
                *lines.if_any("call-backs accepted", "call_backs"),
                *lines.if_any("call-back after", "call_back_delay"),
                *lines.if_any("call-back promise kept", "call_backs_kept"),
                *lines.if_any("reached by call-back", "reached"),
                *lines.if_any("dials per call-back", "dials"),
                *lines.if_any("busy tone", "busy"),
                *lines.if_any("blocked, queue full", "blocked"),
                *lines.if_any("refused, closed", "refused"),
                *lines.if_any("disconnected at closing", "disconnected"),
                *(() if tickets else lines.if_any("most waiting at once", "queue_length", reading="maximum")),
                *lines.if_any("open at the end", "open_at_end"),
            ),
            (
                "Offered: came to a human queue. Service level, T: answered within T ÷ (offered − not yet due"
                + (" − call-backs accepted" if any(self._scenario.channels[name].callback for name in channels) else "")
                + f"){others}."
                " Abandonment: abandoned or balked ÷ offered. "
                + (f"Both leave out who hangs up sooner than {left_out}. " if left_out else "")
                + "Busy, blocked, refused, disconnected: ÷ arrivals. Percentile: of the answered.",
            ),
        )

    def _backlog_channels(self, channels: list[str]) -> Grid:
        lines = Lines(self._result, "channel", channels)
        clocks = {name: self._scenario.channels[name].clock for name in channels}
        counted = ", ".join(f"{name} in {clock} hours" for name, clock in clocks.items() if clock)
        return Grid(
            "Backlog channels",
            tuple(channels),
            (
                lines.of("contacts offered", "offered"),
                *(
                    lines.of(f"first response, {write_duration(limit)}", "first_response", within=limit)
                    for limit in deadlines(self._scenario, "first_response")
                ),
                *lines.if_any("reached by dialling", "reached"),
                *lines.if_any("reached within due", "in_time"),
                *lines.if_any("dials per contact", "dials"),
                lines.of("mean time to first response", "first_response"),
                lines.of("90 % responded within", "first_response_p90"),
                *lines.if_any("customers' replies per case", "exchange"),
                lines.of("open on average", "backlog"),
                lines.of("most open at once", "backlog", reading="maximum"),
                lines.of("open at the end", "open_at_end"),
                *lines.if_any("of these with their customer", "open_at_end", reading="awaiting"),
            ),
            (
                "First response: when the first handling ends, counted from arrival"
                + (f" on the channel's clock ({counted})" if counted else "")
                + "; with a deadline, responded within it ÷ (offered − not yet due)."
                " Open: waiting or in hand"
                + (
                    ", at the end also who owes us a reply."
                    if any(self._scenario.channels[name].exchanges for name in channels)
                    else "."
                ),
            ),
        )

    def _tiers(self, tiers: list[str], waiting: list[str] | None) -> Grid:
        lines = Lines(self._result, "tier", tiers)
        # An e-mail that lies overnight would drown the seconds that callers wait.
        of_whom = {} if waiting is None else {"channel": waiting}
        return Grid(
            "Tiers",
            tuple(tiers),
            (
                lines.of("offered", "offered"),
                *(
                    lines.of(f"service level, {write_duration(limit)}", "service_level", within=limit)
                    for limit in deadlines(self._scenario, "service_level", lambda target: target.tier is not None)
                ),
                lines.of("mean wait of the answered", "average_speed_of_answer", **of_whom),
                lines.of("90 % answered within", "wait_p90", **of_whom),
                *lines.if_any("abandonment", "abandonment", **of_whom),
                lines.of("handle time", "handle_time"),
                *lines.if_any("holding the line", "handle_time", reading="holding"),
                *lines.if_any("escalated", "escalation"),
                *lines.if_any("sent back", "returned"),
                lines.of("most waiting at once", "queue_length", reading="maximum"),
                *lines.if_any("backlog on average", "backlog"),
                *lines.if_any("backlog at the end", "backlog", reading="at_end"),
                lines.of("occupancy", "occupancy"),
            ),
            (
                "Every stay in a tier's queue counts there."
                + ("" if waiting is None else f" Waits and abandonment: from {listed(waiting)} alone.")
                + " Waits run day and night. Handle time: talk and wrap-up. Holding: until a warm handover is taken."
                " Escalated, sent back: ÷ answered there.",
            ),
        )

    def _agent_groups(self, groups: list[str]) -> Grid:
        lines = Lines(self._result, "agent_group", groups)
        slots = [name for name, group in self._scenario.agent_groups.items() if group.slots]
        return Grid(
            "Agent groups",
            tuple(groups),
            (
                lines.of("most on duty at once", "agents_on_duty", reading="maximum"),
                lines.of("paid hours", "staff_hours"),
                lines.of("occupancy", "occupancy"),
                *lines.if_any("slot occupancy", "slot_occupancy", slots),
                lines.of("utilisation", "utilisation"),
                *lines.if_any("overtime", "overtime"),
                lines.of("contacts answered", "answered"),
                lines.of("handle time", "handle_time"),
                *lines.if_any("cost", "cost"),
            ),
            (
                "Occupancy: handling ÷ time on duty"
                + (", any work counting; slot occupancy: each piece of work takes its slot's part" if slots else "")
                + ". Utilisation: handling with overtime ÷ paid time. Overtime: finishing work after the shift.",
            ),
        )

    def _self_service(self, stages: list[str]) -> Grid:
        lines = Lines(self._result, "stage", stages)
        falsely = any(self._scenario.self_service[stage].falsely_resolved for stage in stages)
        return Grid(
            "Self-service",
            tuple(stages),
            (
                lines.of("contacts that met it", "self_service", reading="met"),
                lines.of("containment", "containment"),
                *lines.if_any("falsely resolved", "self_service", reading="falsely_resolved"),
                *lines.if_any("gave up", "self_service", reading="gave_up"),
                lines.of("handed on", "self_service", reading="handed_on"),
                *lines.if_any("cost", "cost"),
            ),
            (
                "Containment: resolved by the stage ÷ contacts that met it"
                + (", without the falsely resolved, who come back." if falsely else "."),
                *self._work_saved(),
            ),
        )

    def _work_saved(self) -> Iterator[str]:
        (saved,) = readings_in(self._result.figures("work_saved"))
        yield f"The inquiries that self-service resolved would have taken {saved} of talk and wrap-up."

    def _inquiries(self, kinds: list[str]) -> Grid:
        lines = Lines(self._result, "contact_type", kinds)
        misrouted = any(self._scenario.contact_types[kind].misrouted for kind in kinds)
        exchanges = any(channel.exchanges for channel in self._scenario.channels.values())
        window = write_duration(self._scenario.time.repeat_window)
        return Grid(
            "Inquiries, by contact type",
            tuple(kinds),
            (
                lines.of("inquiries", "inquiries"),
                lines.of("contacts per inquiry", "contacts_per_inquiry"),
                *lines.if_any("repeats per contact answered", "repeat"),
                *(lines.if_any("transfers per contact answered", "transfer") if misrouted else ()),
                lines.of("resolved at first contact", "first_contact_resolution"),
                *(
                    lines.of(f"resolved in {write_duration(limit)}", "resolution", within=limit)
                    for limit in deadlines(self._scenario, "resolution")
                ),
                lines.of("mean time to resolution", "resolution"),
                lines.of("reached nobody", "reached_nobody"),
            ),
            (
                f"Resolved at first contact ÷ inquiries first answered {window} or more before the end."
                " Time to resolution: of those resolved, from first arrival, on the channel's clock"
                + (", without the waits for customers' replies." if exchanges else ".")
                + " Reached nobody: no agent, and no stage that resolved it.",
            ),
        )

    def _satisfaction(self, channels: list[str]) -> Grid:
        lines = Lines(self._result, "channel", channels)
        churn = self._scenario.quality.churn
        return Grid(
            "Satisfaction",
            tuple(channels),
            (
                lines.of("mean score, 1 to 5", "satisfaction"),
                lines.of("net promoter score", "nps"),
                *([lines.of("expected to leave", "churn")] if churn else ()),
            ),
            (
                "Scores as `quality.satisfaction` makes them, who was not served included."
                " Net promoter score: promoters − detractors in 100 contacts."
                + (
                    " Expected to leave: customers left dissatisfied, by the channel they first came on."
                    if churn
                    else ""
                ),
            ),
        )

    def _cost(self) -> Iterator[Grid]:
        (total,) = readings_in(self._result.figures("cost"))
        if total.estimate > 0:
            (each,) = readings_in(self._result.figures("cost_per_resolved"))
            spent = readings_by(self._result.figures("cost", by="part"))
            yield Grid(
                "Cost of the run",
                ("",),
                (
                    *(Line(part.replace("_", "-"), (str(cost),)) for part, cost in spent.items() if cost.estimate > 0),
                    Line("all", (str(total),)),
                    Line("per inquiry resolved", (str(each),)),
                ),
            )
