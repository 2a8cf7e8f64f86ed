"""Nothing that a run accepts is ignored: of every key there are two scenarios that differ in it and come out apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from sim import Scenario, loads, run
from sim.demand.deal import deal
from sim.engine.compile import compile_program
from sim.engine.reference import play
from tests.laws.keys import pattern_of, patterns

Changes = dict[str, Any]

DESK: Final = """
format: 1
name: every key
currency: EUR
time: {start: 2026-04-06, length: 1 day, interval: 30 min}
opening_hours:
  office: {mon-sun: "08:00-18:00"}
  long: {mon-sun: "07:00-20:00"}
channels:
  phone:
    open: office
    patience: {distribution: exponential, mean: 2 min}
    retry: {share: 60 %, after: {distribution: exponential, mean: 10 min}}
  chat: {open: long, patience: {distribution: exponential, mean: 3 min}}
  email: {waiting: backlog}
customers: {private: {}, trade: {}}
profiles:
  hump: {mon-sun: {"07:00": 1, "10:00": 4, "14:00": 2, "19:00": 0}}
  flat: {mon-sun: {"08:00": 1, "17:00": 0}}
contact_types:
  question:
    customer: private
    arrivals:
      phone: {rates: {mon-sun: {"07:00": 20 per hour, "12:00": 30 per hour, "18:00": 5 per hour}}}
      chat: {volume: 150 per day, profile: hump}
      email: {rate: 5 per hour}
    handling:
      first:
        handle_time: {distribution: lognormal, mean: 6 min, cv: 0.8}
        wrap_up: {distribution: exponential, mean: 40 s}
        resolved: 60 %
        escalated: 30 %
      second: {handle_time: {distribution: exponential, mean: 10 min}}
  fault:
    arrivals: {phone: {volume: 120 per day, profile: flat}}
    handling: {first: {handle_time: {distribution: exponential, mean: 5 min}, resolved: 50 %, escalated: 50 %},
               second: {handle_time: {distribution: exponential, mean: 8 min}}}
self_service:
  bot: {channels: [chat], takes: {distribution: exponential, mean: 1 min}, resolves: 30 %}
tiers: {first: {}, second: {}}
agent_groups:
  front:
    tier: first
    cost: 30 per hour
    serves:
      - {channels: [phone], contact_types: [fault, question]}
      - {channels: [chat]}
      - {channels: [email], interruptible: true}
    slots: {chat: {limit: 2}}
    shifts:
      early: {days: mon-sun, hours: "07:00-15:00", headcount: 3, breaks: [{length: 30 min, between: "10:00-13:00"}]}
      late: {days: mon-sun, hours: "11:00-20:00", headcount: 3, breaks: [{length: 30 min, at: "15:00"}]}
  spare: {tier: first, headcount: 1, serves: [{rank: 4}]}
  back: {tier: second, staffing: {mon-sun: {"08:00": 4, "12:00": 5, "18:00": 1}}}
targets:
  - {measure: service_level, channel: phone, within: 20 s, at_least: 80 %}
"""
"""A desk of every kind of thing, with enough to do that rules bind."""

TALK: Final = "contact_types.question.handling.first.handle_time"
OUTAGE: Final = {"start": "2026-04-06 10:00", "lasts": "1 h", "arrivals": {"fault": "400 %"}}
RANDOM: Final = {
    "every": {"distribution": "exponential", "mean": "4 h"},
    "lasts": "1 h",
    "arrivals": {"fault": "400 %"},
}
REPEATS: Final = {
    "contact_types.fault.repeat": {"share": "60 %", "after": "1 h"},
    "contact_types.fault.handling.second.resolved": "10 %",
}
SCORED: Final = {
    "quality.satisfaction": {
        "best": 4.5,
        "per_minute_waiting": -0.1,
        "per_hour_in_backlog": -0.2,
        "per_transfer": -0.2,
        "unresolved": -1.5,
        "abandoned": 1.5,
    },
    "quality.churn": {"dissatisfied_below": 2.5, "leaves": "40 %"},
}
RAMP: Final = {"share_new": "60 %", "handle_time": ["150 %", "100 %"], "per": "4 weeks"}
TOOL: Final = {"handle_time": "80 %"}
RETURNS: Final = {
    "contact_types.fault.handling.second.resolved": "50 %",
    "contact_types.fault.handling.second.returned": "40 %",
}
CALL_BACK: Final = {
    "channels.phone.callback": {
        "offered_when": {"expected_wait": "20 s"},
        "accepted": "80 %",
        "promised_within": "10 min",
        "connects": "50 %",
    }
}
DUE: Final = {
    "agent_groups.front.serves": [{"order": "due_first"}],
    "channels.chat.due": "1 min",
    "channels.phone.due": "3 min",
    "contact_types.fault.due": "5 min",
}
OUTBOUND: Final = {"channels.email.direction": "outbound", "channels.email.connects": "50 %"}
SILENT: Final = {
    "channels.chat.silent": {"share": "40 %", "detected_after": "30 s"},
    "channels.chat.patience": "1 min",
}
ASKED: Final = {
    "channels.email.chasers": {"after": "20 min", "share": "50 %", "channel": "phone", "handle_time": "3 min"},
    "channels.email.initial_backlog": {"waiting": 20, "oldest": "3 h"},
    "channels.phone.open": None,
}
LETTERS: Final = {"channels.email.exchanges": {"continues": "60 %", "customer_replies_after": "1 h", "limit": 2}}
BACKLOG: Final = {"channels.email.initial_backlog": {"waiting": 6, "oldest": "1 day"}}
ASTRAY: Final = {
    "contact_types.order": {
        "arrivals": {"phone": {"rate": "1 per hour"}},
        "handling": {"first": {"handle_time": "1 min"}},
    },
    "contact_types.fault.misrouted": {"share": "30 %", "to": "question", "triage": "1 min"},
}
TWO_LANGUAGES: Final = {
    "contact_types.fault.languages": {"en": "60 %", "ja": "40 %"},
    "agent_groups.front.languages": ["en"],
}
TABLE: Final = {"distribution": "table", "survival": {"0 s": 1, "2 min": 0.5, "9 min": 0}}

PAIRS: Final[tuple[tuple[Changes, Changes], ...]] = (
    # what is said of the whole
    ({}, {"name": "another"}),
    ({}, {"currency": "JPY"}),
    ({}, {"time.start": "2026-04-07"}),
    ({}, {"time.length": "20 h"}),
    ({}, {"time.zone": "Asia/Tokyo"}),
    ({"targets.0.per": "interval"}, {"time.interval": "15 min"}),
    ({}, {"time.warm_up": "9 h"}),
    ({"time.length": "3 days", "time.repeat_window": "1 day"}, {"time.repeat_window": "30 h"}),
    ({}, {"opening_hours.office": {"mon-sun": "09:00-17:00"}}),
    ({"opening_hours.office": {"mon-sun": "08:00-18:00", "holidays": "closed"}}, {"holidays": {"country": "DE"}}),
    (
        {
            "opening_hours.office": {"mon-sun": "08:00-18:00", "holidays": "closed"},
            "holidays": {"country": "GB", "subdivision": "SCT"},
        },
        {"holidays.subdivision": "ENG"},
    ),
    (
        {"opening_hours.office": {"mon-sun": "08:00-18:00", "holidays": "closed"}},
        {"holidays": {"dates": ["2026-04-06"]}},
    ),
    ({}, {"profiles.hump": {"mon-sun": {"08:00": 1, "12:00": 0}}}),
    ({}, {"demand.busy_day_cv": "40 %"}),
    ({"contact_types.question.arrivals.phone.busy_hour_cv": "60 %"}, {"demand.busy_correlation": 0.9}),
    ({"time.length": "8 days"}, {"demand.trend": "20 % per week"}),
    ({}, {"demand.scale": "90 %"}),
    ({"incidents": [RANDOM]}, {"incidents.0.name": "its stream goes by its name"}),
    ({"incidents": [OUTAGE]}, {"incidents.0.start": "2026-04-06 12:00"}),
    (
        {"incidents": [RANDOM]},
        {"incidents.0.every": "7 h"},
    ),
    ({"incidents": [OUTAGE]}, {"incidents.0.lasts": "2 h"}),
    ({"incidents": [OUTAGE]}, {"incidents.0.arrivals.fault": "200 %"}),
    # channels
    ({}, {"channels.email.waiting": "live"}),
    ({}, {"channels.phone.open": "long"}),
    (
        {"targets": [{"measure": "first_response", "channel": "email", "within": "1 h", "at_least": "9 %"}]},
        {"channels.email.clock": "office"},
    ),
    ({}, {"channels.phone.when_closed": "wait"}),
    (CALL_BACK, {"channels.phone.callback.offered_when.expected_wait": "1 min"}),
    (
        {**CALL_BACK, "channels.phone.callback.offered_when": {"waiting": 2}},
        {"channels.phone.callback.offered_when.waiting": 4},
    ),
    (DUE, {"agent_groups.front.serves.0.order": "longest_wait"}),
    (DUE, {"channels.chat.due": "20 min"}),
    (DUE, {"contact_types.fault.due": "10 s"}),
    (CALL_BACK, {"channels.phone.callback.accepted": "30 %"}),
    (CALL_BACK, {"channels.phone.callback.promised_within": "5 min"}),
    (CALL_BACK, {"channels.phone.callback.place": "after_live"}),
    (CALL_BACK, {"channels.phone.callback.connects": "90 %"}),
    (CALL_BACK, {"channels.phone.callback.dial": "40 s"}),
    (CALL_BACK, {"channels.phone.callback.again_after": "5 min"}),
    (CALL_BACK, {"channels.phone.callback.tries": 1}),
    ({}, {"channels.email.direction": "outbound"}),
    (OUTBOUND, {"channels.email.connects": "90 %"}),
    (OUTBOUND, {"channels.email.dial": "40 s"}),
    (OUTBOUND, {"channels.email.again_after": "5 min"}),
    (OUTBOUND, {"channels.email.tries": 1}),
    (
        {"channels.phone.patience": "4 h", "agent_groups.front.shifts.late.hours": "11:00-18:00"},
        {"channels.phone.at_closing": "clear"},
    ),
    ({}, {"channels.phone.lines": 5}),
    (
        {"channels.phone.lines": 20, "channels.phone.line_cost": "10 per month"},
        {"channels.phone.line_cost": "20 per month"},
    ),
    ({}, {"channels.phone.queue_limit": 1}),
    ({"channels.phone.balking": {"share": "10 %"}}, {"channels.phone.balking.share": "60 %"}),
    (SILENT, {"channels.chat.silent.share": "90 %"}),
    (SILENT, {"channels.chat.silent.detected_after": "90 s"}),
    ({}, {"channels.phone.patience": "1 min"}),
    ({}, {"channels.phone.short_abandon": "30 s"}),
    ({}, {"channels.phone.retry.share": "10 %"}),
    ({}, {"channels.phone.retry.after": "5 min"}),
    ({}, {"channels.phone.retry.attempts": 1}),
    ({}, {"channels.phone.retry.channel": "chat"}),
    ({}, {"channels.phone.retry.when": ["closed"]}),
    ({}, {"channels.phone.retry.patience": "kept"}),
    ({"channels.chat.retry": {"share": "100 %", "after": "5 min"}}, {"channels.chat.retry.self_service": "skip"}),
    (BACKLOG, {"channels.email.initial_backlog.waiting": 9}),
    (BACKLOG, {"channels.email.initial_backlog.oldest": "2 days"}),
    (LETTERS, {"channels.email.exchanges.continues": "20 %"}),
    (LETTERS, {"channels.email.exchanges.customer_replies_after": "2 h"}),
    (LETTERS, {"channels.email.exchanges.limit": 1}),
    (ASKED, {"channels.email.chasers.after": "1 h"}),
    (ASKED, {"channels.email.chasers.share": "90 %"}),
    (ASKED, {"channels.email.chasers.channel": "chat"}),
    (ASKED, {"channels.email.chasers.handle_time": "1 min"}),
    # contact types
    (REPEATS, {"contact_types.fault.repeat.share": "90 %"}),
    (REPEATS, {"contact_types.fault.repeat.after": "2 h"}),
    (REPEATS, {"contact_types.fault.repeat.attempts": 1}),
    (REPEATS, {"contact_types.fault.repeat.channel": "chat"}),
    (ASTRAY, {"contact_types.fault.misrouted.share": "60 %"}),
    (ASTRAY, {"contact_types.fault.misrouted.to": "order"}),
    (ASTRAY, {"contact_types.fault.misrouted.triage": "2 min"}),
    ({}, {"contact_types.fault.customer": "trade"}),
    ({"contact_types.fault.customer": "trade"}, {"customers.trade.head_start": "3 min"}),
    (TWO_LANGUAGES, {"contact_types.fault.languages": {"en": "40 %", "ja": "60 %"}}),
    ({}, {"contact_types.fault.priority": 1}),
    ({}, {"contact_types.fault.patience": "20 s"}),
    ({}, {"contact_types.fault.arrivals.phone.volume": "150 per day"}),
    ({}, {"contact_types.fault.arrivals.phone.profile": "hump"}),
    ({}, {"contact_types.question.arrivals.chat.interpolation": "linear"}),
    ({}, {"contact_types.question.arrivals.email.rate": "7 per hour"}),
    ({}, {"contact_types.question.arrivals.phone.rates": {"mon-sun": {"07:00": "9 per hour", "18:00": "1 per hour"}}}),
    (
        {"contact_types.fault.arrivals.phone": {"counts": {"file": "few.csv"}}},
        {"contact_types.fault.arrivals.phone.counts": {"file": "many.csv"}},
    ),
    (
        {"contact_types.fault.arrivals.phone": {"log": [{"time": "08:05"}] * 9}},
        {"contact_types.fault.arrivals.phone.log": [{"time": "08:05", "handle_time": "7 min"}] * 9},
    ),
    (
        {"contact_types.fault.arrivals.phone": {"log": [{"time": "08:05"}] * 9}},
        {"contact_types.fault.arrivals.phone.log": [{"time": "08:05", "wrap_up": "7 min"}] * 9},
    ),
    (
        {"contact_types.fault.arrivals.phone": {"log": [{"time": "08:05"}] * 9}},
        {"contact_types.fault.arrivals.phone.log": [{"time": "08:05", "patience": "1 s"}] * 9},
    ),
    ({}, {"contact_types.question.arrivals.phone.busy_day_cv": "40 %"}),
    ({}, {"contact_types.question.arrivals.phone.busy_hour_cv": "40 %"}),
    (
        {"contact_types.question.arrivals.phone.busy_hour_cv": "60 %"},
        {"contact_types.question.arrivals.phone.busy_correlation": 0.9},
    ),
    ({}, {"contact_types.question.handling.first.wrap_up": "90 s"}),
    ({}, {"contact_types.question.handling.first.resolved": "50 %"}),
    ({}, {"contact_types.question.handling.first.escalated": "10 %"}),
    (
        {"contact_types.fault.handling.second.resolved": "50 %"},
        {"contact_types.fault.handling.second.returned": "40 %"},
    ),
    (RETURNS, {"contact_types.fault.handling.second.returns": 3}),
    (
        {"contact_types.fault.handling.second.resolved": "50 %"},
        {"contact_types.fault.handling.second.on_phone.returned": "40 %"},
    ),
    ({}, {"contact_types.question.handling.second.patience": "30 s"}),
    ({}, {f"{TALK.rpartition('.')[0]}.on_chat.handle_time": "9 min"}),
    ({}, {f"{TALK.rpartition('.')[0]}.on_chat.wrap_up": "9 min"}),
    ({}, {f"{TALK.rpartition('.')[0]}.on_phone.resolved": "20 %"}),
    ({}, {f"{TALK.rpartition('.')[0]}.on_phone.escalated": "0 %"}),
    ({}, {f"{TALK.rpartition('.')[0]}.on_phone.patience": "10 s"}),
    # every parameter of a distribution, on one of those that deal durations alike
    ({}, {f"{TALK}.distribution": "gamma"}),
    ({}, {f"{TALK}.mean": "5 min"}),
    ({}, {f"{TALK}.cv": 1.5}),
    ({TALK: {"distribution": "weibull", "mean": "5 min", "shape": 0.8}}, {f"{TALK}.shape": 1.6}),
    ({TALK: {"distribution": "erlang", "mean": "5 min", "phases": 2}}, {f"{TALK}.phases": 5}),
    (
        {TALK: {"distribution": "triangular", "low": "1 min", "mode": "3 min", "high": "9 min"}},
        {f"{TALK}.low": "2 min"},
    ),
    (
        {TALK: {"distribution": "triangular", "low": "1 min", "mode": "3 min", "high": "9 min"}},
        {f"{TALK}.mode": "6 min"},
    ),
    ({TALK: {"distribution": "uniform", "low": "1 min", "high": "9 min"}}, {f"{TALK}.high": "8 min"}),
    (
        {
            TALK: {
                "mixture": [{"weight": "50 %", **TABLE}, {"weight": "50 %", "distribution": "constant", "mean": "1 s"}]
            }
        },
        {
            f"{TALK}.mixture": [
                {"weight": "90 %", **TABLE},
                {"weight": "10 %", "distribution": "constant", "mean": "1 s"},
            ]
        },
    ),
    ({TALK: TABLE}, {f"{TALK}.survival": {"0 s": 1, "2 min": 0.7, "9 min": 0}}),
    (
        {TALK: {"distribution": "table", "cumulative": {"0 s": 0, "5 min": 1}}},
        {f"{TALK}.cumulative": {"0 s": 0, "4 min": 0.5, "5 min": 1}},
    ),
    ({TALK: {"distribution": "samples", "file": "talks.csv"}}, {f"{TALK}.file": "long_talks.csv"}),
    ({TALK: {"distribution": "samples", "file": "talks.csv"}}, {f"{TALK}.column": "other"}),
    ({TALK: {"distribution": "samples", "file": "talks.xlsx"}}, {f"{TALK}.sheet": "second"}),
    ({}, {f"{TALK}.at_least": "3 min"}),
    ({}, {f"{TALK}.at_most": "8 min"}),
    # self-service and tiers
    ({}, {"self_service.bot.channels": ["phone"]}),
    ({}, {"self_service.bot.open": "office"}),
    ({}, {"self_service.bot.takes": "2 min"}),
    ({}, {"self_service.bot.resolves": {"question": "60 %"}}),
    ({}, {"self_service.bot.freshness": "50 %"}),
    ({}, {"self_service.bot.falsely_resolved": "50 %"}),
    ({}, {"self_service.bot.gives_up": "20 %"}),
    ({}, {"self_service.bot.limit": 1}),
    ({}, {"self_service.bot.harder_rest": "130 %"}),
    ({}, {"self_service.bot.cost": "2 per contact"}),
    ({}, {"tiers.second.handover": "ticket"}),
    ({"tiers.second.handover": "warm"}, {"tiers.second.briefing": "1 min"}),
    ({"tiers.second.handover": "warm"}, {"tiers.second.warm_limit": "5 s"}),
    ({"tiers.second.handover": "ticket"}, {"tiers.second.clock": "office"}),
    ({}, {"tiers.second.appointment": "1 h"}),
    # agent groups
    ({}, {"agent_groups.spare.tier": "second"}),
    (
        {"agent_groups.back.serves": [{}, {"after": "1 min"}]},
        {"agent_groups.back.serves.1.tier": "first"},
    ),
    ({}, {"agent_groups.front.serves.0.channels": ["chat", "phone"]}),
    ({}, {"agent_groups.front.serves.0.contact_types": ["fault"]}),
    (TWO_LANGUAGES, {"agent_groups.front.languages": ["ja"]}),
    ({}, {"agent_groups.spare.serves.0.rank": 1}),
    ({}, {"agent_groups.spare.serves.0.after": "1 min"}),
    ({}, {"agent_groups.front.serves.1.keep_free": 2}),
    ({}, {"agent_groups.front.serves.2.interruptible": "shared"}),
    ({}, {"agent_groups.front.slots.chat.limit": 3}),
    ({}, {"agent_groups.front.slots.chat.pace": ["100 %", "70 %"]}),
    ({}, {"agent_groups.front.slots.chat.handle_time": ["240 s", "300 s"]}),
    ({}, {"agent_groups.front.shrinkage.absence": "60 %"}),
    ({}, {"agent_groups.front.shrinkage.in_shift": "20 %"}),
    ({"agent_groups.front.shrinkage.in_shift": "20 %"}, {"agent_groups.front.shrinkage.block": "30 min"}),
    ({}, {"agent_groups.front.cost": "31 per hour"}),
    ({"time.length": "2 days"}, {"agent_groups.front.shifts.early.days": "mon"}),
    ({}, {"agent_groups.front.shifts.early.hours": "08:00-16:00"}),
    ({}, {"agent_groups.front.shifts.early.headcount": {"mon": 2, "tue-sun": 3}}),
    ({}, {"agent_groups.front.shifts.early.cost": "250 each"}),
    ({}, {"agent_groups.front.shifts.early.breaks.0.length": "45 min"}),
    ({}, {"agent_groups.front.shifts.early.breaks.0.between": "11:00-14:00"}),
    ({}, {"agent_groups.front.shifts.late.breaks.0.at": "16:00"}),
    ({}, {"agent_groups.front.shifts.late.breaks.0.paid": True}),
    (
        {
            "time.length": "2 days",
            "agent_groups.front.exceptions": [{"date": "2026-04-07", "shift": "early", "headcount": 1}],
        },
        {"agent_groups.front.exceptions.0.date": "2026-04-06"},
    ),
    (
        {"agent_groups.front.exceptions": [{"date": "2026-04-06", "shift": "early", "headcount": 1}]},
        {"agent_groups.front.exceptions.0.shift": "late"},
    ),
    (
        {"agent_groups.front.exceptions": [{"date": "2026-04-06", "shift": "early", "headcount": 1}]},
        {"agent_groups.front.exceptions.0.headcount": 2},
    ),
    ({}, {"agent_groups.back.staffing": {"mon-sun": {"08:00": 4, "12:00": 2}}}),
    ({}, {"agent_groups.spare.headcount": 2}),
    ({"agent_groups.back.zone": "Europe/London"}, {"agent_groups.back.zone": "Asia/Tokyo"}),
    (
        {"agent_groups.front.shifts.late.hours": "11:00-16:00"},
        {"agent_groups.front.overtime.pay": "150 %"},
    ),
    ({}, {"agent_groups.front.slots.chat.resolved_when_sharing": [0, -3]}),
    ({}, {"agent_groups.front.pace": "110 %"}),
    ({}, {"agent_groups.front.speed_cv": "20 %"}),
    ({"agent_groups.front.ramp": RAMP}, {"agent_groups.front.ramp.share_new": "100 %"}),
    ({"agent_groups.front.ramp": RAMP}, {"agent_groups.front.ramp.handle_time": ["200 %", "100 %"]}),
    ({"agent_groups.front.ramp": RAMP}, {"agent_groups.front.ramp.per": "9 h"}),
    # tools, history, hurry
    ({"assists.tool": TOOL}, {"assists.tool.agent_groups": ["front"]}),
    ({"assists.tool": TOOL}, {"assists.tool.channels": ["phone"]}),
    ({"assists.tool": TOOL}, {"assists.tool.contact_types": ["fault"]}),
    ({"assists.tool": TOOL}, {"assists.tool.tiers": ["first"]}),
    ({"assists.tool": TOOL}, {"assists.tool.handle_time": "70 %"}),
    ({"assists.tool": TOOL}, {"assists.tool.wrap_up": "50 %"}),
    ({"assists.tool": TOOL}, {"assists.tool.resolved": 2}),
    ({"assists.tool": TOOL}, {"assists.tool.cost": "1 per contact"}),
    ({"history": {"escalated_handle_time": "60 %"}}, {"history.shared": True}),
    ({"history": {"shared": True}}, {"history.escalated_handle_time": "60 %"}),
    ({"agent_groups.front.pace": "130 %"}, {"quality.pace_effect.resolved": -3}),
    ({**REPEATS, "history.shared": True}, {"history.repeat_handle_time": "60 %"}),
    # satisfaction
    *(
        (SCORED, {f"quality.satisfaction.{where}{key}": value})
        for where in ("", "on_phone.")
        for key, value in (
            ("best", 4.4),
            ("per_minute_waiting", -0.2),
            ("per_transfer", -0.3),
            ("unresolved", -1.0),
            ("abandoned", 1.7),
        )
    ),
    (SCORED, {"quality.satisfaction.per_hour_in_backlog": -0.4}),
    (SCORED, {"quality.satisfaction.on_email.per_hour_in_backlog": -0.4}),
    (SCORED, {"quality.nps.promoters_from": 4.6}),
    (SCORED, {"quality.nps.detractors_below": 2.0}),
    (SCORED, {"quality.churn.dissatisfied_below": 4.0}),
    (SCORED, {"quality.churn.leaves": "20 %"}),
    # what is judged
    ({}, {"targets.0.measure": "first_response"}),
    ({}, {"targets.0.reading": "answered"}),
    ({}, {"targets.0.channel": "chat"}),
    ({}, {"targets.0.contact_type": "fault"}),
    ({"targets.0.channel": None, "targets.0.tier": "first"}, {"targets.0.tier": "second"}),
    (
        {"targets": [{"measure": "occupancy", "agent_group": "front", "at_most": "80 %"}]},
        {"targets.0.agent_group": "back"},
    ),
    ({}, {"targets.0.customer": "private"}),
    ({**TWO_LANGUAGES, "targets.0.language": "en"}, {"targets.0.language": "ja"}),
    ({}, {"targets.0.attempt": "retry"}),
    ({}, {"targets.0.within": "40 s"}),
    ({}, {"targets.0.at_least": "70 %"}),
    (
        {"targets": [{"measure": "abandonment", "at_most": "5 %"}]},
        {"targets.0.at_most": "6 %"},
    ),
    ({}, {"targets.0.per": "hour"}),
    ({}, {"targets.0.warn": "99 %"}),
    ({"targets.0.per": "hour"}, {"targets.0.risk": "50 %"}),
    ({"targets.0.floor": {"per": "hour", "at_least": "20 %"}}, {"targets.0.floor.per": "interval"}),
    ({"targets.0.floor": {"per": "hour", "at_least": "20 %"}}, {"targets.0.floor.at_least": "10 %"}),
    (
        {"targets": [{"measure": "abandonment", "at_most": "5 %", "floor": {"per": "hour", "at_most": "20 %"}}]},
        {"targets.0.floor.at_most": "30 %"},
    ),
)
"""What is set up, and what alone is then changed."""

ONE_VALUE_SO_FAR: Final = {
    "format",
    "channels.*.balking.when",
}
"""Keys of which a run accepts a single value."""

OF_OTHER_COMMANDS: Final = {"description", "plan", "regression", "variants"}
"""Sections that a run has no business with."""

OF_CHECKS: Final = {"targets.*.undecided"}
"""Keys that only `check` asks, shown to matter by its tests."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the tables that the pairs name."""
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path_factory.mktemp("tables")
    for name, contacts in (("few", 30), ("many", 60)):
        (path / f"{name}.csv").write_text(f"start,contacts\n2026-04-06 09:00,{contacts}\n2026-04-06 12:00,0\n")
    (path / "talks.csv").write_text("duration,other\n60,90\n120,80\n")
    (path / "long_talks.csv").write_text("duration\n200\n300\n")
    book = openpyxl.Workbook()
    for sheet, seconds in ((book.active, 60), (book.create_sheet("second"), 200)):
        sheet.append(["duration"])
        sheet.append([seconds])
    book.save(path / "talks.xlsx")
    return path


@cache
def _desk() -> str:
    return yaml.safe_dump(yaml.safe_load(DESK), sort_keys=False)


def _outcome(scenario: Scenario) -> list[list[int]]:
    """Give every record of a replication."""
    outcome = play(compile_program(scenario), deal(scenario, seed=3, replication=0))
    tables = (getattr(outcome, field.name) for field in fields(outcome))
    return [getattr(table, field.name).tolist() for table in tables for field in fields(table)]


@cache
def _outcome_before(folder: Path, before: str) -> list[list[int]]:
    """Give every record of the desk that is set up: most pairs begin with the same."""
    return _outcome(_scenario(folder, json.loads(before)))


def _figures(scenario: Scenario) -> dict[str, Any]:
    """Give every figure of a run, and the wall-clock times of what happened."""
    result = run(scenario, replications=1, seed=3)
    return {**result.summary(), "arrived": result.contacts()["arrived"].astype(str).tolist()}


def _scenario(folder: Path, changes: Changes) -> Scenario:
    return loads(_desk(), changes, folder=folder)


@pytest.mark.slow
@pytest.mark.parametrize(("before", "change"), PAIRS, ids=[", ".join(change) for _, change in PAIRS])
def test_a_key_that_changes_alone_changes_the_outcome(folder: Path, before: Changes, change: Changes) -> None:
    """Two scenarios that differ in one key come out differently."""
    other = _scenario(folder, {**before, **change})
    if _outcome_before(folder, json.dumps(before)) == _outcome(other):
        # What nobody at the desk notices must show in the figures.
        assert _figures(_scenario(folder, before)) != _figures(other)


@pytest.mark.slow
def test_a_key_that_changes_alone_changes_the_hash(folder: Path) -> None:
    """So that a baseline notices; what only checks ask changes it too."""
    others = (({}, {"targets.0.undecided": "pass"}), ({}, {"regression": {"tolerance": {"cost": "1 %"}}}))
    for before, change in (*PAIRS, *others):
        assert _scenario(folder, before).hash != _scenario(folder, {**before, **change}).hash, change


def test_every_key_that_a_run_accepts_has_its_pair() -> None:
    """Who teaches the engines a key also shows that it matters: a pair of scenarios in PAIRS."""
    shown = {pattern_of(path) for _, change in PAIRS for path in _leaves(change)}
    missing = {
        pattern
        for pattern in patterns()
        if pattern not in shown | ONE_VALUE_SO_FAR | OF_CHECKS and pattern.split(".")[0] not in OF_OTHER_COMMANDS
    }
    assert not missing, "show with a pair in PAIRS that these keys matter"
    assert shown <= set(patterns())


def _leaves(change: Changes) -> Iterator[tuple[str, ...]]:
    """Give the keys of a change; of `holidays`, which is said as a whole, those in it."""
    for key, value in change.items():
        yield from ((key, inner) for inner in value) if key == "holidays" else [tuple(key.split("."))]
