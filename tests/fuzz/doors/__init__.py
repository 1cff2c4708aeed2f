"""The doors, by name. Another one is a module with ``draw(rng, folder)`` and a line here."""

from types import ModuleType

from tests.fuzz.doors import (
    answers,
    command_line,
    documents,
    expert_files,
    lines,
    overrides,
    previous_tiers,
)

DOORS: dict[str, ModuleType] = {
    door.__name__.rpartition(".")[2]: door
    for door in (
        documents,
        expert_files,
        answers,
        overrides,
        previous_tiers,
        lines,
        command_line,
    )
}
