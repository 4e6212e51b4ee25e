"""What README says of the commands is what they are: no option of one is missing there, and none too many."""

import re
from pathlib import Path

import click

from desktop.commands import cli

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
EVERYWHERE = {"--json", "--help", "-h"}


def told() -> dict[str, set[str]]:
    """Each command in README's table, with its options."""
    table = README.split("| Command | Does |")[1].split("\n\n")[0]
    usages = re.findall(r"`([^`]+)`", "\n".join(line.split(" | ")[0] for line in table.splitlines()))
    return {usage.split()[0]: set(re.findall(r"--[a-z-]+", usage)) for usage in usages}


def there() -> dict[str, set[str]]:
    """Each command there is, with its options."""
    return {
        name: {each for option in command.params if isinstance(option, click.Option) for each in option.opts}
        - EVERYWHERE
        for name, command in cli.commands.items()
    }


def test_the_table_of_commands_is_whole_and_true() -> None:
    assert told() == there()


def test_all_but_run_answer_in_json() -> None:
    without = {
        name
        for name, command in cli.commands.items()
        if not any("--json" in option.opts for option in command.params)
    }
    assert without == {"run"}
