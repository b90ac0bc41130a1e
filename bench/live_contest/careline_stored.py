# ruff: noqa: E402
"""Everything that was said, as the application reads it: for the check of bench/live.py.

python -m live_contest.careline_stored FILE
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careline.settings.production")

import django

django.setup()

from careline.contacts.models import ContactEvent


def main() -> None:
    """Write one line for each message: contact, number, client's id, words."""
    said = ContactEvent.objects.filter(kind__in=["visitor_message", "specialist_message"])
    with Path(sys.argv[1]).open("w", encoding="utf-8") as lines:
        for event in said.iterator():
            row = [str(event.contact_id), event.seq, event.client_id or "", event.body["text"]]
            lines.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
