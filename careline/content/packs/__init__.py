"""Content packs: folders of YAML and Markdown, checked as a whole before anything is stored."""

from careline.content.packs.problems import PackRefused, Problem
from careline.content.packs.validators import (
    Finding,
    register_cases_validator,
    register_validator,
)

__all__ = ["Finding", "PackRefused", "Problem", "register_cases_validator", "register_validator"]
