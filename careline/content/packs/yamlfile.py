"""A YAML file that knows on which line each of its parts stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from careline.content.packs.problems import Problem

Location = Sequence[int | str]


@dataclass(frozen=True)
class YamlFile:
    """`name` is shown in problems; `offset` counts the lines above when it is part of a file."""

    name: str
    data: Any
    offset: int = 0

    def line(self, location: Location) -> int:
        """Return the line of the part at this path of keys and indexes, or of what holds it."""
        node, line = self.data, 0
        for part in location:
            if not _holds(node, part):
                break
            # What has a YAML tag of its own knows no places.
            place = (node.lc.data or {}).get(part)
            line = place[0] if place else line
            node = node[part]
        return line + 1 + self.offset

    def problem(self, location: Location, message: str) -> Problem:
        """Return a problem at a part of this file."""
        return Problem(self.name, self.line(location), message)


def _holds(node: Any, part: int | str) -> bool:
    if isinstance(node, CommentedSeq):
        return isinstance(part, int) and part < len(node)
    return isinstance(node, CommentedMap) and part in node


def read_text(path: Path, name: str) -> str | Problem:
    """Read a file of UTF-8 text; what can't be read comes back as the problem."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Problem(name, 1, "the file isn't UTF-8 text; save it as UTF-8")
    except OSError as error:
        return Problem(name, 1, f"the file can't be read ({error.strerror}); expected a text file")


def read_yaml(path: Path, name: str) -> YamlFile | Problem:
    """Read a file of UTF-8 YAML 1.2; what can't be read comes back as the problem."""
    text = read_text(path, name)
    return text if isinstance(text, Problem) else parse_yaml(text, name)


def parse_yaml(text: str, name: str, offset: int = 0) -> YamlFile | Problem:
    """Parse YAML text whose first line is line `offset` + 1 of the file."""
    try:
        return YamlFile(name, YAML(typ="rt").load(text), offset)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = (mark.line if mark else 0) + 1 + offset
        return Problem(name, line, f"{error.problem}; expected well-formed YAML")
    except RecursionError:
        return Problem(name, 1 + offset, "too many brackets in brackets; expected a simple list")
    except YAMLError as error:
        return Problem(name, 1 + offset, f"{error}; expected well-formed YAML")
