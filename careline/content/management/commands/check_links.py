"""careline check-links: ask whether the sources' addresses still lead somewhere."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from careline.content.links import Link, LinkState, check_all
from careline.content.models import Source


class Command(BaseCommand):
    help = (
        "Ask for the address of every source. Needs a network. Exit status 1 when one is gone; "
        "one that moved, turns programs away or can't be reached now is said, for a person to see."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=15.0, help="to wait for each address")

    def handle(self, *_args: Any, **options: Any) -> None:
        keys: dict[str, list[str]] = {}
        for key, url in Source.objects.exclude(url="").values_list("key", "url"):
            keys.setdefault(url, []).append(key)
        found = list(check_all(keys, seconds=options["seconds"]))
        for link in sorted(found, key=lambda link: (link.state == LinkState.OK, link.url)):
            self.stdout.write(_line(link, keys[link.url]))
        gone = sum(link.state is LinkState.GONE for link in found)
        if gone:
            raise CommandError(
                f"{gone} of {len(found)} addresses are gone. Find where each source is now, "
                "and have the sentences that cite it looked at."
            )
        self.stdout.write(f"{len(found)} addresses checked, none is gone.")


def _line(link: Link, keys: list[str]) -> str:
    code = f" ({link.code})" if link.code else ""
    moved = f" -> {link.leads_to}" if link.leads_to else ""
    return f"{link.state + code:<18} {', '.join(keys)}: {link.url}{moved}"
