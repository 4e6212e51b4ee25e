"""The command line: one group, `run` when nothing is named. Each command is a module beside this one."""

import sys
from pathlib import Path

import click

from desktop.commands import checks, exports, forget, held, history, imports, outputs, safety, shared, users
from desktop.commands.shell import run
from desktop.folders import locate
from desktop.speech import gettext as _
from webui.version import VERSION


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ROSTER_DATA",
    metavar="DIR",
    help=_("Keep database, backups, preferences and log under this folder (also: ROSTER_DATA)."),
)
@click.version_option(VERSION, prog_name="Roster")
@click.pass_context
def cli(context: click.Context, data: Path | None) -> None:
    """Roster: people and what you wrote about them, in one file on your own machine."""
    try:
        context.obj = locate(data)
    except RuntimeError as error:  # ~someone, who has no home here
        raise click.BadParameter(_("There is no such home folder."), param_hint="--data") from error
    if context.invoked_subcommand is None:
        context.invoke(run)


for command in (
    run,
    users.users,
    imports.import_,
    exports.export,
    forget.forget,
    held.held,
    history.undo,
    history.redo,
    history.history,
    safety.backup,
    safety.verify,
    safety.restore,
    checks.check,
    checks.digest,
):
    cli.add_command(command)


def main() -> int:
    """Run the command in sys.argv; returns its exit code (2 for a usage that makes no sense).

    With --json a failure is a JSON object too, {"error", "code"} and what is known besides, on stdout.
    """
    as_json = outputs.wants_json(sys.argv[1:])
    outputs.take_anything()
    try:
        return cli.main(prog_name="roster", standalone_mode=False) or shared.DONE
    except shared.Failure as problem:
        return outputs.fail(as_json, problem.message, problem.exit_code, problem.data)
    except click.ClickException as problem:
        if not as_json:
            problem.show()
            return problem.exit_code
        return outputs.fail(as_json, problem.format_message(), problem.exit_code)
    except click.Abort:
        return outputs.fail(as_json, _("Stopped. Nothing was changed."), shared.FAILED)
