"""The one numbering of a scenario's parts that all numbers with an index mean.

Channels, contact types, customers, languages, groups and shifts are numbered by name, so that the order of keys
changes nothing; tiers and self-service stages in the order of the file, because their order has a meaning.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Names:
    """The names of a scenario's parts; a part's number is its position."""

    channels: tuple[str, ...]
    contact_types: tuple[str, ...]
    customers: tuple[str, ...]
    languages: tuple[str, ...]
    """All that contact types or groups name; empty if none does."""
    tiers: tuple[str, ...]
    """First line first."""
    stages: tuple[str, ...]
    """Self-service, in the order they are passed."""
    groups: tuple[str, ...]
    shifts: tuple[tuple[str, ...], ...]
    """By group: its shifts; empty for a group staffed by numbers."""

    @classmethod
    def of(cls, scenario: "Scenario") -> "Names":
        """Number the parts of a scenario."""
        groups = tuple(sorted(scenario.agent_groups))
        languages = {language for kind in scenario.contact_types.values() for language in kind.languages}
        languages.update(language for group in scenario.agent_groups.values() for language in group.languages or ())
        return cls(
            channels=tuple(sorted(scenario.channels)),
            contact_types=tuple(sorted(scenario.contact_types)),
            customers=tuple(sorted(scenario.customers)),
            languages=tuple(sorted(languages)),
            tiers=tuple(scenario.tiers),
            stages=tuple(scenario.self_service),
            groups=groups,
            shifts=tuple(tuple(sorted(scenario.agent_groups[group].shifts)) for group in groups),
        )
