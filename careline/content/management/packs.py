"""What the commands on packs share: a folder that is one, and mistakes said line by line."""

from pathlib import Path
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError

from careline.content.packs import PackRefused


def pack_folder(path: Path) -> Path:
    """Return the path if it is a folder; raise CommandError if not."""
    if not path.is_dir():
        raise CommandError(f"{path} isn't a folder; expected a pack's folder with a pack.yaml.")
    return path


def refuse(command: BaseCommand, path: Path, refused: PackRefused, end: str) -> NoReturn:
    """Print every mistake with its file and line, and end the command with `end`."""
    for problem in refused.problems:
        command.stderr.write(f"{path / problem.file}:{problem.line}: {problem.message}")
    count = len(refused.problems)
    things = "1 mistake" if count == 1 else f"{count} mistakes"
    raise CommandError(f"{path.name} has {things}; {end}") from None
