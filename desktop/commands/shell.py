"""`run`: opens the window, or serves to a browser. All other commands work without either."""

import gc

import click

from desktop.folders import Folders
from desktop.speech import gettext as _


@click.command()
@click.option("--browser", is_flag=True, help=_("Serve to a browser instead of opening a window."))
@click.pass_obj
@click.pass_context
def run(context: click.Context, folders: Folders, browser: bool) -> None:
    """Open Roster (the default)."""
    # Nothing of what a start loads is garbage; looking for it takes a tenth of that. `Entrance` enables it.
    gc.disable()
    from desktop import startup

    context.exit(startup.run(folders, browser))
