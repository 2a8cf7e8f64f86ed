"""Every kind of bad scenario is refused, with its place, what was got, and what to do."""

# ruff: noqa: E501  (one case a line reads as a table)

from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load, loads
from tests.scenario.desk import DESK, changed

HERE = "‸"
"""Stands where the problem is to be found."""

PHONE = "phone: {open: office, patience: {distribution: exponential, mean: 3 min}}"
PATIENCE = "{distribution: exponential, mean: 3 min}"
DAY = 'day: {days: mon-fri, hours: "09:00-18:00", breaks: [{length: 60 min, between: "11:00-14:00"}], headcount: 5}'
BREAKS = '[{length: 60 min, between: "11:00-14:00"}]'
VOLUME = "{volume: 700 per week, profile: flat}"
TARGET = "{measure: service_level, channel: phone, within: 20 s, at_least: 80 %}"
CHATTING = "experts: {tier: experts, headcount: 2, "

BAD: list[tuple[str, str, str, list[str]]] = [
    # Keys
    ("unknown section", "targets:", "‸tragets:", ["tragets", "unknown key", "did you mean 'targets'?"]),
    ("unknown key of a section", "length: 7 days", "‸lenght: 7 days, length: 7 days", ["did you mean 'length'?"]),
    ("unknown key deep down", "cv: 1}", "cv: 1, ‸kv: 2}", ["handle_time.kv", "unknown key"]),
    ("missing key", "start: 2026-04-06, ", "", ["time.start", "is missing", "First day"]),
    ("key without a value", "resolved: 80 %", "‸resolved: ", ["has no value", "leave the key out"]),
    ("key given twice", "name: Desk", "name: Desk\n‸name: Again", ["name", "already on line 2, column 1"]),
    ("merge key", "  email: {waiting", "  ‸<<: {waiting: live}\n  email: {waiting", ["merge keys", "extends"]),
    ("name with a dot", "  flat: {mon", "  ‸fl.at: {mon: {\"09:00\": 1}}\n  flat: {mon", ["got 'fl.at'", "letters, digits"]),
    ("section that is no mapping", "tiers: {desk: {}, experts: {}}", "tiers: ‸[desk]", ["got a list", "must be a mapping"]),
    ("list that is no list", BREAKS, "‸60 min", ["got '60 min'", "a list"]),
    ("format of another version", "format: 1", "format: ‸2", ["got 2", "must be 1"]),
    # Units
    ("duration without unit", "mean: 3 min", "mean: ‸3", ["got 3", "a duration with its unit", "6 min"]),
    ("duration of an unknown unit", "mean: 3 min", "mean: ‸3 hrs", ["got '3 hrs'", "4 h"]),
    ("negative duration", "mean: 3 min", "mean: ‸-4 min", ["got '-4 min'", "must be 0 or more (a duration counts forward)"]),
    ("mean of nothing", "mean: 3 min", "mean: ‸0 s", ["channels.phone.patience.mean", "more than 0"]),
    ("share that is no number", "resolved: 80 %", "resolved: ‸fivety %", ["got 'fivety %'", "a share such as 52 %"]),
    ("share above 100 %", "resolved: 80 %", "resolved: ‸120 %", ["got '120 %'", "between 0 % and 100 %"]),
    ("share without its sign", "resolved: 80 %", "resolved: ‸80", ["got 80", "between 0 % and 100 %"]),
    ("not a number", "cv: 1}", "cv: ‸.nan}", ["got .nan", "finite"]),
    ("infinity", "cv: 1}", "cv: ‸-.inf}", ["got -.inf", "finite"]),
    ("number too large", "cv: 1}", "cv: ‸1e999}", ["got 1e999", "finite"]),
    ("rate without a period", "rate: 2 per hour", "rate: ‸2", ["got 2", "100 per hour"]),
    ("volume of an unknown period", "700 per week", "‸700 per fortnight", ["2600 per week"]),
    ("date that does not exist", "2026-04-06", "‸2026-02-30", ["got '2026-02-30'", "calendar"]),
    ("date in another order", "2026-04-06", "‸6.4.2026", ["got '6.4.2026'", "a date such as 2026-04-06"]),
    ("time of day without quotes meant as a number", '"00:00": 1}', "‸24:30: 1}", ["got '24:30'", "time of day"]),
    ("unknown zone", "Europe/Berlin", "‸Europe/Berlim", ["Europe/Berlim", "did you mean 'Europe/Berlin'?"]),
    ("headcount below nothing", "headcount: 2", "headcount: ‸-2", ["got -2", "a whole number of at least 0"]),
    ("half a person", "headcount: 2", "headcount: ‸2.5", ["got 2.5", "a whole number"]),
    ("word that is no choice", "waiting: backlog", "waiting: ‸queue", ["got 'queue'", "must be live or backlog"]),
    ("money without a period", "headcount: 2", "headcount: 2, cost: ‸30", ["got 30", "2600 per hour"]),
    ("priority of zero", "  order:\n", "  order:\n    priority: ‸0\n", ["got 0", "at least 1"]),
    # Distributions
    ("unknown distribution", PATIENCE, "{distribution: ‸lognormale, mean: 3 min}", ["'lognormale'", "lognormal or gamma"]),
    ("parameter of another distribution", PATIENCE, "{distribution: exponential, mean: 3 min, ‸cv: 1}", ["does not take `cv`"]),
    ("distribution without its parameter", PATIENCE, "‸{distribution: gamma, mean: 3 min}", ["gamma needs `cv`"]),
    ("spread below nothing", "cv: 1}", "cv: ‸-1}", ["got -1", "above 0"]),
    ("hyperexponential of low spread", "lognormal, mean: 5 min, cv: 1}", "hyperexponential, mean: 5 min, cv: ‸0.5}", ["at least 1"]),
    ("spread that nobody sees", "cv: 1}", "cv: ‸0.0001}", ["handle_time.cv", "got 0.0001, must be from 0.001 to 1,000", "is a constant, `constant`"]),
    ("spread beyond all measure", "cv: 1}", "cv: ‸1e300}", ["got 1e+300, must be from 0.001 to 1,000", "has a mean that nothing comes near"]),
    ("weibull of a tiny shape", PATIENCE, "{distribution: weibull, mean: 3 min, shape: ‸0.001}", ["patience.shape", "got 0.001, must be from 0.01 to 100", "has a mean that nothing comes near"]),
    ("weibull of a huge shape", PATIENCE, "{distribution: weibull, mean: 3 min, shape: ‸1e9}", ["must be from 0.01 to 100", "is a constant"]),
    ("phases without end", PATIENCE, "{distribution: erlang, mean: 3 min, phases: ‸1000000000}", ["got 1000000000, must be from 1 to 1,000,000", "is a constant"]),
    ("spread of a part of a mixture", "handle_time: 10 min", "handle_time: {mixture: [{weight: 100 %, distribution: gamma, mean: 1 min, cv: ‸1e-9}]}", ["mixture.0.cv", "from 0.001 to 1,000"]),
    ("half a phase", PATIENCE, "{distribution: erlang, mean: 3 min, phases: ‸0.5}", ["got 0.5", "whole number"]),
    ("weibull without shape", PATIENCE, "{distribution: weibull, mean: 3 min, shape: ‸0}", ["got 0", "above 0"]),
    ("uniform the wrong way round", PATIENCE, "{distribution: uniform, low: 3 min, high: ‸1 min}", ["low < high"]),
    ("clips that cross", PATIENCE, "{distribution: exponential, mean: 3 min, at_least: ‸5 min, at_most: 4 min}", ["below `at_most`"]),
    ("survival that rises", PATIENCE, '{distribution: table, survival: ‸{"0 s": 0.5, "1 min": 0.7, "2 min": 0}}', ["never rise"]),
    ("survival that does not end", PATIENCE, '{distribution: table, survival: ‸{"0 s": 1, "1 min": 0.7}}', ["end at 0", "at_most"]),
    ("distribution function that falls", PATIENCE, '{distribution: table, cumulative: ‸{"0 s": 0.5, "1 min": 0.2}}', ["never fall"]),
    ("table of one point", PATIENCE, '{distribution: table, survival: ‸{"0 s": 1}}', ["two points"]),
    ("mixture of too little", "handle_time: 10 min", "handle_time: {mixture: ‸[{weight: 80 %, distribution: constant, mean: 1 min}]}", ["add up to 80 %", "100 %"]),
    ("samples of a file that is not there", PATIENCE, "‸{distribution: samples, file: waits.csv}", ["waits.csv is not there"]),
    # Hours and days
    ("unknown weekday", "{mon-fri:", "{‸mon-fry:", ["got 'mon-fry'", "mon-fri"]),
    ("weekday twice", '"09:00-18:00"}\nch', '"09:00-18:00", ‸fri: closed}\nch', ["fri", "already listed under 'mon-fri'"]),
    ("hours that overlap", '{mon-fri: "09:00-18:00"}', '{mon-fri: ‸"09:00-12:00, 11:00-18:00"}', ["do not overlap"]),
    ("hours over midnight into the next day's", '{mon-fri: "09:00-18:00"}', '‸{mon-fri: "09:00-10:00", sat: "22:00-03:00", sun: "02:00-04:00"}', ["sat", "over midnight"]),
    ("hours that are no span", '{mon-fri: "09:00-18:00"}', "{mon-fri: ‸9 to 5}", ["got '9 to 5'", "closed"]),
    ("grid that does not divide a day", "zone: Europe/Berlin", "interval: ‸7 min", ["'7 min'", "a whole part of a day"]),
    ("grid of milliseconds", "zone: Europe/Berlin", "interval: ‸1 ms", ["time.interval", "got '1 ms', must be a whole part of a day such as 15 min, of at least 1 min"]),
    ("backlog beyond all measure", "email: {waiting: backlog,", "email: {waiting: backlog, initial_backlog: {waiting: ‸1000000000, oldest: 1 day},", ["initial_backlog.waiting", "got 1000000000, must be 10,000,000 at most"]),
    ("warm-up of the whole span", "zone: Europe/Berlin", "warm_up: ‸7 days", ["shorter than `length`"]),
    ("unknown country", "opening_hours:", "holidays: {country: ‸XX}\nopening_hours:", ["unknown country 'XX'"]),
    ("holiday twice", "opening_hours:", "holidays: ‸[2026-04-06, 2026-04-06]\nopening_hours:", ["listed twice"]),
    # References
    ("unknown opening hours", "open: office", "open: ‸offise", ["'offise'", "did you mean 'office'?"]),
    ("unknown clock", "clock: office", "clock: ‸night", ["unknown opening hours", "known: office"]),
    ("unknown channel of arrivals", "      email: {rate", "      ‸emial: {rate", ["unknown channel 'emial'", "'email'"]),
    ("unknown profile", "profile: flat", "profile: ‸flad", ["unknown profile 'flad'", "'flat'"]),
    ("unknown tier of handling", "      experts: {handle", "      ‸expert: {handle", ["unknown tier 'expert'", "'experts'"]),
    ("unknown tier of a group", "tier: desk", "tier: ‸dsek", ["unknown tier 'dsek'", "'desk'"]),
    ("unknown channel of a row", CHATTING[:-2], "experts: {tier: experts, serves: [{channels: [‸fax]}], headcount: 2", ["unknown channel 'fax'"]),
    ("unknown type of a row", CHATTING[:-2], "experts: {tier: experts, serves: [{contact_types: [‸orders]}], headcount: 2", ["did you mean 'order'?"]),
    ("unknown channel of a retry", PHONE, "phone: {retry: {share: 5 %, after: 1 min, channel: ‸chat}}", ["unknown channel 'chat'"]),
    ("unknown customer segment", "  order:\n", "  order:\n    customer: ‸vip\n", ["unknown customer segment 'vip'", "none is defined"]),
    ("unknown channel's own handling", "experts: {handle_time: 10 min}", "experts: {handle_time: 10 min, ‸on_fax: {}}", ["on_fax", "unknown channel"]),
    ("unknown shift of an exception", "  experts: {tier", "    exceptions: [{date: 2026-04-07, shift: ‸dya, headcount: 1}]\n  experts: {tier", ["unknown shift 'dya'", "'day'"]),
    ("unknown shift of the plan", "targets:", "plan: {shifts: {clerks: {‸late: 1..4}}}\ntargets:", ["unknown shift 'late'"]),
    ("unknown group of the plan", "targets:", "plan: {shifts: {‸clerk: all}}\ntargets:", ["unknown agent group 'clerk'"]),
    ("unknown type of a stage", "tiers:", "self_service: {bot: {channels: [phone], takes: 1 min, resolves: {‸ordre: 5 %}}}\ntiers:", ["unknown contact type 'ordre'"]),
    # Arrivals
    ("arrivals without a source", "{rate: 2 per hour}", "‸{busy_day_cv: 10 %}", ["got none of them", "volume, rate"]),
    ("arrivals of two sources", "{rate: 2 per hour}", "‸{rate: 2 per hour, volume: 5 per day}", ["`volume` and `rate` together"]),
    ("profile of no volume", "{rate: 2 per hour}", "{rate: 2 per hour, ‸profile: flat}", ["`profile` shapes a `volume`"]),
    ("correlation of nothing", "{rate: 2 per hour}", "{rate: 2 per hour, ‸busy_correlation: 50 %}", ["busy_hour_cv"]),
    ("contact type that never comes", "    arrivals:\n      phone: {volume: 700 per week, profile: flat}\n      email: {rate: 2 per hour}\n", "    arrivals: ‸{}\n", ["has no arrivals"]),
    ("weights of nothing", '"00:00": 1}', '"00:00": 0}', ["profile 'flat'"]),
    ("log entry of an unknown key", "{rate: 2 per hour}", '{log: [{time: "09:00", ‸handle: 5 min}]}', ["log.0.handle", "'handle_time'"]),
    ("tries without end", PHONE, "phone: {retry: {share: 5 %, after: 1 min, attempts: ‸1000000}}", ["got 1000000", "a whole number of at most 1,000"]),
    # Outcomes and tiers
    ("outcomes above 100 %", "{handle_time: {distribution: lognormal, mean: 5 min, cv: 1}, resolved: 80 %, escalated: 15 %}", "‸{handle_time: {distribution: lognormal, mean: 5 min, cv: 1}, resolved: 90 %, escalated: 15 %}", ["resolved 90 % + escalated 15 %", "at most 100 %"]),
    ("segments that are not everybody", "contact_types:\n  order:\n", "customers: {a: {}, b: {}}\ncontact_types:\n  order:\n    customer: ‸{a: 50 %, b: 40 %}\n", ["add up to 90 %", "must be 100 %"]),
    ("escalation from the last tier", "experts: {handle_time: 10 min}", "experts: {handle_time: 10 min, resolved: 50 %, escalated: ‸20 %}", ["no tier after 'experts'"]),
    ("escalation to where nobody handles it", "escalated: 15 %}\n      experts: {handle_time: 10 min}\n", "escalated: {‸experts: 15 %}}\n", ["tier 'experts' has no `handling` for order"]),
    ("return from the first tier", "escalated: 15 %}", "escalated: 10 %, on_email: {returned: ‸5 %}}", ["handling.desk.on_email.returned", "nobody to return to"]),
    ("escalation in a circle", "experts: {handle_time: 10 min}", "experts: {handle_time: 10 min, resolved: 50 %, escalated: {desk: 20 %}}", ["in a circle", "desk → experts → desk"]),
    ("self-service of more than everybody", "tiers:", "self_service: {bot: {channels: [phone], takes: 1 min, resolves: 70 %, gives_up: ‸40 %}}\ntiers:", ["add up to 110 % for order"]),
    ("stage in front of nothing", "tiers:", "self_service: {bot: {channels: ‸[], takes: 1 min, resolves: 70 %}}\ntiers:", ["fronts no channel"]),
    # People
    ("queue that nobody serves", CHATTING[:-2], "experts: {tier: experts, serves: [{channels: [phone]}], headcount: 2", ["no agent group serves it at tier 'experts' on email"]),
    ("tier without agents", "experts: {tier: experts", "experts: {tier: desk", ["no agent group serves it at tier 'experts'", "phone and email"]),
    ("group without people", ", headcount: 2", "", ["has no people"]),
    ("people in two ways", "headcount: 2}", '‸headcount: 2, staffing: {mon-fri: {"09:00": 2}}}', ["staffing and headcount"]),
    ("break outside the shift", BREAKS, '[‸{length: 60 min, between: "08:00-10:00"}]', ["outside the shift's hours"]),
    ("break longer than its window", BREAKS, '[{length: ‸60 min, between: "11:00-11:30"}]', ["longer than its window"]),
    ("break at no time", BREAKS, "[‸{length: 60 min}]", ["either `between` or `at`"]),
    ("breaks that overlap", BREAKS, '[{length: 60 min, at: "11:00"}, ‸{length: 30 min, at: "11:30"}]', ["overlaps another break"]),
    ("exception outside the span", "  experts: {tier", "    exceptions: [{date: ‸2026-05-01, shift: day, headcount: 1}]\n  experts: {tier", ["got '2026-05-01'", "2026-04-06 to 2026-04-12"]),
    ("exception on another weekday", "  experts: {tier", "    exceptions: [{date: ‸2026-04-11, shift: day, headcount: 1}]\n  experts: {tier", ["is a sat"]),
    ("headcount beyond all measure", "headcount: 2}", "headcount: ‸1000000}", ["got 1000000", "must be a whole number of at most 100,000"]),
    ("headcount of a shift beyond all measure", "headcount: 5", "headcount: {mon: ‸1000000}", ["got 1000000", "at most 100,000"]),
    ("staffing beyond all measure", "headcount: 2}", 'staffing: {mon-fri: {"09:00": ‸1000000}}}', ["got 1000000", "at most 100,000"]),
    ("headcounts of a plan beyond all measure", "targets:", "plan: {shifts: {clerks: {day: ‸1..1000000}}}\ntargets:", ["got '1..1000000'", "at most 100,000 people"]),
    ("slots beyond all measure", "headcount: 2}", "headcount: 2, slots: {email: {limit: ‸1000000000}}}", ["got 1000000000", "at most 1,000"]),
    ("count beyond all measure", "  order:\n", "  order:\n    priority: ‸10000000000\n", ["got 10000000000", "a whole number of at most 1,000,000,000"]),
    ("pace of too few levels", "headcount: 2}", "headcount: 2, slots: {email: {limit: 3, pace: ‸[100 %, 80 %]}}}", ["got 2 values", "must be 3"]),
    ("pace too slow to be told from standing still", "headcount: 2}", "headcount: 2, slots: {email: {limit: 2, ‸pace: [100 %, 0.00001 %]}}}", ["with 2 at work comes to 1e-07", "must be from 1e-06 to 1e+06"]),
    ("handle times too far apart", "headcount: 2}", "headcount: 2, slots: {email: {limit: 2, ‸handle_time: [1 ms, 3 h]}}}", ["with 2 at work comes to 9.26e-08", "must be from 1e-06 to 1e+06"]),
    ("pace said twice", "headcount: 2}", "headcount: 2, slots: {email: {limit: 1, pace: [100 %], ‸handle_time: [5 min]}}}", ["leave one out"]),
    ("blocks of milliseconds", "headcount: 2}", "headcount: 2, shrinkage: {in_shift: 10 %, block: ‸1 ms}}", ["shrinkage.block", "got '1 ms', must be at least 1 min: each person's day is cut into blocks, of which each is dealt"]),
    ("absence above 100 %", "headcount: 2}", "headcount: 2, shrinkage: {absence: ‸130 %}}", ["got '130 %'"]),
    # Channels
    ("lines of a backlog", "clock: office}", "clock: office, ‸lines: 5}", ["only for channels with `waiting: live`"]),
    ("outbound that holds the line", PHONE, "phone: {direction: ‸outbound}", ["waiting: backlog"]),
    ("backlog that is cleared", "clock: office}", "clock: office, at_closing: ‸clear}", ["a backlog is not cleared"]),
    ("chasers on a backlog", "clock: office}", "clock: office, chasers: {after: 1 day, share: 5 %, channel: ‸email}}", ["'email' is a backlog"]),
    ("call-back offered never", PHONE, "phone: {callback: {offered_when: ‸{}, accepted: 5 %}}", ["either `expected_wait` or `waiting`"]),
    # Targets and quality
    ("unknown measure", "measure: service_level", "measure: ‸servicelevel", ["unknown measure 'servicelevel'", "'service_level'"]),
    ("deadline that is missing", TARGET, "‸{measure: service_level, channel: phone, at_least: 80 %}", ["needs `within`"]),
    ("deadline that means nothing", TARGET, "{measure: abandonment, ‸within: 20 s, at_most: 5 %}", ["takes no deadline"]),
    ("target without a bound", TARGET, "‸{measure: abandonment}", ["either `at_least` or `at_most`"]),
    ("bound in another unit", TARGET, "{measure: abandonment, at_most: ‸5 min}", ["got '5 min'", "a share such as 52 %"]),
    ("measure by what it is not told apart by", TARGET, "‸{measure: occupancy, channel: phone, at_most: 88 %}", ["not told apart by channel", "agent_group and tier"]),
    ("target of an unknown channel", "channel: phone, within", "channel: ‸phnoe, within", ["unknown channel 'phnoe'; did you mean 'phone'?"]),
    ("target line that cannot be read", TARGET, '‸"phone at 80 %"', ["got 'phone at 80 %'", "phone.service_level(20 s) >= 80 %"]),
    ("target line of an unknown name", TARGET, '‸"fon.abandonment <= 5 %"', ["unknown name 'fon'"]),
    ("satisfaction that is not scored", TARGET, "{measure: ‸satisfaction, at_least: 4}", ["needs `quality.satisfaction`"]),
    ("churn without scores", "targets:", "quality: {churn: ‸{dissatisfied_below: 2, leaves: 5 %}}\ntargets:", ["needs `quality.satisfaction`"]),
    ("tolerance without a unit", "targets:", "regression: {tolerance: {cost: ‸1}}\ntargets:", ["1 point"]),
    ("tolerance in points of what is no share", "targets:", "regression: {tolerance: {abandonment: 1 point, cost: ‸1 point}}\ntargets:", ["got '1 point', must be a part of its value such as 1 %: only shares have points"]),
    ("incident at no time", "targets:", "incidents: [‸{lasts: 1 h, arrivals: {order: 200 %}}]\ntargets:", ["`start` or `every`"]),
    ("incident outside the span", "targets:", 'incidents: [{start: ‸"2026-05-01 10:00", lasts: 1 h, arrivals: {order: 200 %}}]\ntargets:', ["within the simulated 2026-04-06"]),
    ("range the wrong way round", "targets:", "plan: {headcount: {experts: ‸9..3}}\ntargets:", ["the smaller first"]),
    # Variants
    ("variant of an unknown key", "targets:", "variants: {more: {‸demand.scael: 110 %}}\ntargets:", ["demand.scael (in variant more)", "'scale'"]),
    ("variant that removes what is not there", "targets:", "variants: {no_bot: {self_service.bot: ‸null}}\ntargets:", ["no such key"]),
    ("variant that is not sound", "targets:", "variants: {busy: {agent_groups.experts.headcount: ‸lots}}\ntargets:", ["in variant busy", "got 'lots'"]),
    ("base of a text", "targets:", "extends: ‸../other.yaml\ntargets:", ["extends"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_scenario_is_refused_with_its_place(old: str, new: str, expected: list[str], tmp_path: Path) -> None:
    """One problem, at the marked place, whose text helps; and no file is left behind."""
    text = changed(old, new)
    marked = text.index(HERE) if HERE in text else None
    file = tmp_path / "desk.yaml"
    file.write_text(text.replace(HERE, ""), encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(file)
    (problem,) = refused.value.problems
    for fragment in expected:
        assert fragment in str(problem)
    if marked is not None:
        before = text[:marked]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        assert str(problem).startswith(f"{file}:{line}:{column}: ")
    assert list(tmp_path.iterdir()) == [file]


def test_a_shift_none_of_whose_days_is_simulated_is_refused() -> None:
    """A weekend shift in a scenario from Monday to Friday."""
    shift = '      off: {days: sat-sun, hours: "09:00-18:00", headcount: 5}\n'
    text = changed("  experts: {tier", f"{shift}  experts: {{tier").replace("length: 7 days", "length: 5 days")
    with pytest.raises(ScenarioError, match=r"<text>:25:12: agent_groups\.clerks\.shifts\.off: never begins between"):
        loads(text)


def test_all_problems_are_told_in_the_order_of_the_file() -> None:
    """A unit, a reference and an unknown key, wherever each is found out."""
    text = (
        DESK.replace("length: 7 days", "length: 7").replace("tier: desk", "tier: dsek").replace("targets:", "tragets:")
    )
    with pytest.raises(ScenarioError) as refused:
        loads(text)
    assert [(problem.place.line, problem.key) for problem in refused.value.problems] == [
        (3, "time.length"),
        (22, "agent_groups.clerks.tier"),
        (26, "tragets"),
    ]


def test_a_bad_value_does_not_hide_what_sections_mean_together() -> None:
    """A target that cannot be read, and a queue that nobody serves."""
    text = changed("at_least: 80 %", "at_least: 80").replace(
        "headcount: 2", "headcount: 2, serves: [{channels: [phone]}]"
    )
    with pytest.raises(ScenarioError) as refused:
        loads(text)
    assert [problem.key for problem in refused.value.problems] == [
        "contact_types.order.handling.experts",
        "targets.0.at_least",
    ]


def test_a_problem_reads_as_place_key_got_and_rule() -> None:
    """The two lines of the design."""
    with pytest.raises(ScenarioError) as refused:
        loads(changed("escalated: 15 %", "escalated: fivety %"))
    assert str(refused.value) == (
        "<text>:17:101: contact_types.order.handling.desk.escalated\n  got 'fivety %', must be a share such as 52 %"
    )


def test_no_problem_speaks_of_the_machinery() -> None:
    """A planner reads no word of the libraries that found it."""
    said = []
    for _, old, new, _ in BAD:
        with pytest.raises(ScenarioError) as refused:
            loads(changed(old, new).replace(HERE, ""))
        said.append(str(refused.value).lower())
    for word in ("pydantic", "valueerror", "value error", "input should", "dict", "tuple", "instance", "validation"):
        assert [text for text in said if word in text] == []


def test_there_are_at_least_sixty_kinds_of_bad_scenario() -> None:
    """So many are asked for."""
    assert len({case[0] for case in BAD}) >= 60
