"""Channels: how customers reach the desk, wait, give up, and come again."""

from typing import Annotated, Self

from pydantic import model_validator

from sim.scenario import units
from sim.scenario.errors import Fault, faulty
from sim.scenario.model.distribution import Distribution
from sim.scenario.model.section import Section
from sim.scenario.quantities import (
    ChannelName,
    Choice,
    CostOfLine,
    Count,
    Duration,
    OpeningHoursName,
    PositiveCount,
    PositiveDuration,
    Rounds,
    Share,
)

CHASER_TALK_MS = 2 * units.MINUTE_MS
"""Talk of a chaser where the scenario does not say it."""

RETRY_CAUSES = ("busy", "blocked", "closed", "abandoned", "disconnected", "not_reached")


class Balking(Section):
    """Customers who leave at once rather than wait."""

    share: Share
    """Share that balks."""
    when: Annotated[str, Choice(("all_busy",))] = "all_busy"
    """all_busy: nobody can take the contact at once. Default: all_busy."""


class Silent(Section):
    """Customers who give up without a sign: their place in the queue stays, and costs the agent who takes it."""

    share: Share
    """Share of those who give up that does so silently."""
    detected_after: PositiveDuration
    """How long the agent takes to find out."""


class Retry(Section):
    """Customers who try again after leaving without being helped."""

    share: Share
    """Share that tries again."""
    after: Distribution
    """Time from leaving to the next try."""
    attempts: Rounds = 3
    """Tries after the first, repeats among them. Default: 3 (rule of the model)."""
    channel: ChannelName | None = None
    """Channel of the next try. Default: the same."""
    when: tuple[Annotated[str, Choice(RETRY_CAUSES)], ...] = RETRY_CAUSES
    """What makes customers try again. Default: all of busy, blocked, closed, abandoned, disconnected, not_reached."""
    patience: Annotated[str, Choice(("new", "kept"))] = "new"
    """kept: the first try's patience again; new: dealt afresh. Default: new (all marks of a retry are new)."""
    self_service: Annotated[str, Choice(("again", "skip"))] = "again"
    """Whether the next try passes self-service again. Default: again."""


class OfferedWhen(Section):
    """When a call-back is offered, beside nobody being free: one of both."""

    expected_wait: Duration | None = None
    """The head of the contact's queue has waited at least so long. Default: none."""
    waiting: Count | None = None
    """At least so many live contacts are waiting. Default: none."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.expected_wait is None) == (self.waiting is None):
            raise faulty(Fault("needs either `expected_wait` or `waiting`"))
        return self


class Callback(Section):
    """An offer to be called back instead of waiting."""

    offered_when: OfferedWhen
    """When it is offered."""
    accepted: Share
    """Share of the offers that is accepted."""
    promised_within: PositiveDuration | None = None
    """The promise, judged from acceptance. Default: none."""
    place: Annotated[str, Choice(("kept", "after_live"))] = "kept"
    """kept: stands in the queue as if waiting; after_live: behind all live contacts. Default: kept."""
    connects: Share = 1.0
    """Share of the dials that reach the customer. Default: 100 %."""
    dial: Duration = 20 * units.SECOND_MS
    """Agent's time of a dial. Default: 20 s (rule of the model)."""
    again_after: PositiveDuration = 15 * units.MINUTE_MS
    """Time to the next dial when not reached. Default: 15 min (rule of the model)."""
    tries: Rounds = 3
    """Dials before giving up. Default: 3 (rule of the model)."""


class Exchanges(Section):
    """Correspondence: a case takes several messages, with the customer's replies between them."""

    continues: Share
    """Share of the handled messages after which the customer writes again."""
    customer_replies_after: Distribution
    """Time until that reply; response and resolution clocks rest meanwhile."""
    limit: Rounds = 10
    """Most further messages of a case. Default: 10, which cuts a share of 25 % at one case in a million."""


class Chasers(Section):
    """Customers who ask what became of their open case."""

    after: PositiveDuration
    """Age of the case."""
    share: Share
    """Share of the open cases of that age whose customer asks."""
    channel: ChannelName
    """The live channel they ask on."""
    handle_time: Distribution | None = None
    """Talk of such a contact. Default: a constant 2 min."""


class InitialBacklog(Section):
    """Cases that are waiting when the scenario starts."""

    waiting: Count
    """How many."""
    oldest: Duration
    """Age of the oldest; ages are spread evenly."""


class Channel(Section):
    """A way for customers to reach the desk (or, outbound, for the desk to reach them)."""

    waiting: Annotated[str, Choice(("live", "backlog"))] = "live"
    """live: the customer holds the line and may give up; backlog: nobody holds and a clock runs. Default: live."""
    direction: Annotated[str, Choice(("inbound", "outbound"))] = "inbound"
    """outbound: work that the desk dials itself. Default: inbound."""
    open: OpeningHoursName | None = None
    """Opening hours of the door. Default: around the clock."""
    clock: OpeningHoursName | None = None
    """Hours that response, due and resolution clocks count. Default: around the clock."""
    when_closed: Annotated[str, Choice(("refuse", "wait", "self_service_only"))] | None = None
    """What meets a contact at a closed door. Default: refuse for live, wait for backlog (rule of the model)."""
    at_closing: Annotated[str, Choice(("finish", "clear"))] = "finish"
    """finish: whoever waits at closing is served; clear: is disconnected. Default: finish."""
    lines: PositiveCount | None = None
    """Contacts inside at a time, in talk or waiting; further ones hear a busy tone. Default: no limit."""
    line_cost: CostOfLine | None = None
    """What each of the `lines` costs, used or not (a month is 30.4375 days). Default: not counted."""
    queue_limit: Count | None = None
    """Live contacts of the channel waiting in first queues; a further one is blocked. Default: no limit."""
    balking: Balking | None = None
    """Who leaves rather than wait. Default: nobody."""
    patience: Distribution | None = None
    """How long a live contact waits before it gives up. Default: never gives up."""
    silent: Silent | None = None
    """Who gives up without a sign (chat). Default: nobody."""
    short_abandon: Duration | None = None
    """Who leaves sooner is left out of service level and abandonment. Default: nobody is left out."""
    retry: Retry | None = None
    """Who tries again. Default: nobody."""
    callback: Callback | None = None
    """Offer of a call-back. Default: none."""
    due: PositiveDuration | None = None
    """Promised response, on `clock`; orders rows that are `due_first`. Default: none."""
    exchanges: Exchanges | None = None
    """Correspondence of several messages. Default: one message a case."""
    chasers: Chasers | None = None
    """Who asks what became of the case. Default: nobody."""
    initial_backlog: InitialBacklog | None = None
    """Cases waiting at the start. Default: none."""
    connects: Share = 1.0
    """Outbound: share of the dials that reach the customer. Default: 100 %."""
    dial: Duration = 20 * units.SECOND_MS
    """Outbound: agent's time of a dial. Default: 20 s (rule of the model)."""
    again_after: PositiveDuration = 15 * units.MINUTE_MS
    """Outbound: time to the next dial when not reached. Default: 15 min (rule of the model)."""
    tries: Rounds = 3
    """Outbound: dials before it counts as not reached. Default: 3 (rule of the model)."""

    @property
    def closed_door(self) -> str:
        """What `when_closed` comes to: refuse, wait or self_service_only."""
        return self.when_closed or ("refuse" if self.waiting == "live" else "wait")

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        only_live = ("lines", "queue_limit", "balking", "patience", "silent", "short_abandon", "callback")
        only_backlog = ("exchanges", "chasers", "initial_backlog")
        only_outbound = ("connects", "dial", "again_after", "tries")
        faults = []
        for keys, fits, kind in (
            (only_live, self.waiting == "live", "`waiting: live` (nobody holds the line of a backlog)"),
            (only_backlog, self.waiting == "backlog", "`waiting: backlog`"),
            (only_outbound, self.direction == "outbound", "`direction: outbound`"),
        ):
            faults += [
                Fault(f"is only for channels with {kind}", (key,), on_key=True)
                for key in keys
                if not fits and getattr(self, key) != type(self).model_fields[key].default
            ]
        if self.line_cost is not None and self.lines is None:
            faults.append(Fault("is the cost of each of `lines`; say how many there are", ("line_cost",), on_key=True))
        if self.waiting == "live" and self.direction == "outbound":
            faults.append(Fault("outbound work is deferrable; say `waiting: backlog`", ("direction",)))
        if self.at_closing == "clear" and self.waiting == "backlog":
            faults.append(Fault("a backlog is not cleared at closing", ("at_closing",)))
        if faults:
            raise faulty(*faults)
        return self
