"""careline pack-schema: print the format of packs as JSON Schema."""

from typing import Any

from django.core.management.base import BaseCommand

from careline.content.packs.jsonschema import as_text


class Command(BaseCommand):
    help = "Print the format of packs as JSON Schema; docs/pack-schema.json holds the same."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(as_text(), ending="")
