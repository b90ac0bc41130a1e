"""What Lighthouse says of the four pages that people see first, on a phone as it imitates one.

    make run                                        (in another terminal)
    python bench/lighthouse.py --json FILE [--site http://localhost:8000]

Prints each score (0 to 100) as a ratio to its target: 1 or more is good enough. Needs Node.js
with npm, which fetches Lighthouse, and a Chromium (CHROME_PATH, /usr/bin/chromium by default).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LIGHTHOUSE = "lighthouse@13"
PAGES = {"home": "/en/", "article": "/en/side-effects/", "ask": "/en/ask/", "chat": "/en/chat/"}
TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
CHROME_FLAGS = (
    "--headless --no-sandbox --disable-gpu --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)


def main() -> int:
    """Measure, print, write JSON. Exit status 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--site", default="http://localhost:8000")
    options = parser.parse_args()
    rows: dict[str, dict[str, float]] = {}
    for name, path in PAGES.items():
        report = measure(options.site + path)
        rows[name] = {kind: round(report[kind]["score"] * 100) for kind in TARGETS}
        for kind, target in TARGETS.items():
            score = rows[name][kind]
            print(f"{name:<8} {kind:<15} {score:>4} of {target:>3}   ratio {score / target:.2f}")
    options.json.write_text(json.dumps(rows, indent=2) + "\n")
    return int(any(row[kind] < TARGETS[kind] for row in rows.values() for kind in TARGETS))


def measure(url: str) -> dict[str, Any]:
    """Return Lighthouse's categories for one page."""
    environment = {"CHROME_PATH": "/usr/bin/chromium", **os.environ}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                *("npm", "exec", "--yes", "--", LIGHTHOUSE, url, "--quiet"),
                *(f"--chrome-flags={CHROME_FLAGS}", "--output=json", f"--output-path={report}"),
            ],
            check=True,
            env=environment,
        )
        categories: dict[str, Any] = json.loads(report.read_text())["categories"]
    return categories


if __name__ == "__main__":
    sys.exit(main())
