"""The command `madoguchi`: one module a family of commands, exit statuses in one place."""

import os
import sys
from contextvars import ContextVar
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.cli import (
    bench_command,
    check_command,
    compare_command,
    erlang_command,
    explain_command,
    frontier_command,
    lint_command,
    plan_command,
    report_command,
    roster_command,
    run_command,
    scenario_commands,
    sensitivity_command,
    staff_command,
)

FINE = 0
BAD_INPUT = 2
INTERRUPTED = 130
INTERNAL_ERROR = 70

_tracebacks: ContextVar[bool] = ContextVar("_tracebacks", default=False)
"""Whether an internal error shows where it happened."""


class Commands(TyperGroup):
    """The commands, which end in order when they are stopped from outside."""

    def invoke(self, ctx: Any) -> Any:
        """Call a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # Whoever read our output has seen enough; the interpreter must not complain when it closes the pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FINE) from None


app = typer.Typer(
    name="madoguchi",
    cls=Commands,
    help="Simulate support operations and plan their staff. Scenarios are YAML files; `madoguchi init` writes one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
scenario_commands.register(app)
lint_command.register(app)
run_command.register(app)
report_command.register(app)
compare_command.register(app)
sensitivity_command.register(app)
bench_command.register(app)
check_command.register(app)
explain_command.register(app)
erlang_command.register(app)
plan_command.register(app)
staff_command.register(app)
frontier_command.register(app)
roster_command.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415  (slow to import)

        typer.echo(f"madoguchi {version('madoguchi')}")
        raise typer.Exit


def _show_tracebacks(wanted: bool) -> None:
    _tracebacks.set(wanted)


@app.callback()
def options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    _debug: Annotated[
        bool, typer.Option("--debug", callback=_show_tracebacks, help="Show where an internal error happened.")
    ] = False,
) -> None:
    """Simulate support operations and plan their staff."""


def main() -> None:
    """Run the command line and exit: 0 fine, 2 bad input, 70 internal error (see the commands for more)."""
    try:
        app()
    except _refusals() as error:
        typer.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except Exception as error:
        if _tracebacks.get():
            import traceback  # noqa: PLC0415  (only when all is lost)

            traceback.print_exc()
        typer.echo(
            f"internal error: {type(error).__name__}: {error}\n"
            "This is a fault of madoguchi, not of the scenario. Please report it with the scenario, the command, what "
            "`madoguchi --version` says and what the same command prints after `madoguchi --debug`.",
            err=True,
        )
        sys.exit(INTERNAL_ERROR)


def _refusals() -> tuple[type[Exception], ...]:
    """Give the errors that say what is wrong with the input; looked up only when something went wrong."""
    from sim.check.errors import CheckError  # noqa: PLC0415
    from sim.experiment.errors import ClusterError, QuestionError  # noqa: PLC0415
    from sim.report.folder import OutputError, StoredRunError  # noqa: PLC0415
    from sim.scenario.errors import ScenarioError  # noqa: PLC0415
    from sim.staffing.errors import InfeasibleError, JournalError, SolverError  # noqa: PLC0415

    staffing = SolverError, InfeasibleError, JournalError
    return CheckError, ScenarioError, QuestionError, OutputError, StoredRunError, ClusterError, *staffing
