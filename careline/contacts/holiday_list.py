"""Public holidays of a country, listed by a process of its own.

    python -m careline.contacts.holiday_list US 2020 2029

The library that knows them loads every country and keeps some 20 MB, in each process that
asks; a list of dates is all that the opening hours need.
"""

import datetime as dt
import subprocess
import sys
from functools import lru_cache

_YEARS_AT_ONCE = 10


def is_holiday(day: dt.date, country: str) -> bool:
    """Return whether the country keeps this day, observed days included.

    `country` is an ISO 3166-1 alpha-2 code. Raises CalledProcessError for one that the
    library doesn't know; the settings refuse such a one at the start.
    """
    return day in _holidays(country, day.year // _YEARS_AT_ONCE * _YEARS_AT_ONCE)


@lru_cache(maxsize=8)
def _holidays(country: str, first_year: int) -> frozenset[dt.date]:
    last_year = first_year + _YEARS_AT_ONCE - 1
    command = [sys.executable, "-m", __name__, country, str(first_year), str(last_year)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return frozenset(dt.date.fromisoformat(line) for line in listed.split())


def main(country: str, first_year: str, last_year: str) -> None:
    """Print the dates, one a line."""
    import holidays

    years = range(int(first_year), int(last_year) + 1)
    for day in holidays.country_holidays(country, years=years, observed=True):
        print(day.isoformat())


if __name__ == "__main__":
    main(*sys.argv[1:])
