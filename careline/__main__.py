"""``python -m careline`` is the command ``careline``."""

from careline.cli import main

main()
