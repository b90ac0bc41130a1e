"""What queueing theory says of a stationary queue, to hold the simulation against.

Erlang B by its usual recursion; Erlang C from it (A. K. Erlang 1917). Erlang A, with visitors
who give up after an exponential time, from the density of the virtual wait of the M/M/s+G
queue: F. Baccelli and G. Hebuterne, "On queues with impatient customers" (1981), in the form
of S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers" (2005).

Rates are per second, times in seconds. Waits count everybody, those who gave up included.
"""

import math
from dataclasses import dataclass

import numpy as np

_Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
_POINTS = 4_001
_NEGLIGIBLE = 40.0  # exp(-40) of a density isn't worth integrating


@dataclass(frozen=True)
class Queue:
    """A stationary queue: arrivals, mean service and patience, and how many serve."""

    arrival_rate: float
    service_seconds: float
    servers: int
    patience_seconds: float = math.inf

    @property
    def load(self) -> float:
        """The offered load in Erlang."""
        return self.arrival_rate * self.service_seconds


@dataclass(frozen=True)
class Expected:
    """What to expect of it; `service_level` is the share answered within the asked seconds."""

    waits: float  # the probability of waiting at all
    mean_wait: float
    service_level: float
    abandoned: float
    occupancy: float


def erlang_b(servers: int, load: float) -> float:
    """Return the probability that all are busy where nobody can wait."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


def expected(queue: Queue, within_seconds: float) -> Expected:
    """Return what Erlang C says, or Erlang A where patience is finite.

    Without patience more load than servers never settles: then waits are infinite.
    """
    if math.isinf(queue.patience_seconds):
        return _erlang_c(queue, within_seconds)
    return _erlang_a(queue, within_seconds)


def _erlang_c(queue: Queue, within: float) -> Expected:
    load, servers = queue.load, queue.servers
    if load >= servers:
        return Expected(1.0, math.inf, 0.0, 0.0, 1.0)
    blocked = erlang_b(servers, load)
    waits = servers * blocked / (servers - load * (1 - blocked))
    spare = (servers - load) / queue.service_seconds
    level = 1 - waits * math.exp(-spare * within)
    return Expected(waits, waits / spare, level, 0.0, load / servers)


def _erlang_a(queue: Queue, within: float) -> Expected:
    patience, rate = queue.patience_seconds, queue.arrival_rate
    drain = queue.servers / queue.service_seconds
    times = _grid(rate, drain, patience)
    exponent = _exponent(times, rate, drain, patience)
    highest = float(exponent.max())  # taken out, so that nothing overflows
    density = np.exp(exponent - highest)
    blocked = erlang_b(queue.servers - 1, queue.load)
    at_once = math.exp(-highest) / blocked
    scale = 1 / (at_once + rate * float(np.trapezoid(density, times)))
    at_once *= scale
    density *= rate * scale
    stays = np.exp(-times / patience)
    early = np.linspace(0.0, min(within, float(times[-1])), _POINTS)
    served_early = np.interp(early, times, density * stays)
    abandoned = float(np.trapezoid(density * (1 - stays), times))
    return Expected(
        waits=1 - at_once,
        mean_wait=abandoned * patience,
        service_level=at_once + float(np.trapezoid(served_early, early)),
        abandoned=abandoned,
        occupancy=queue.load * (1 - abandoned) / queue.servers,
    )


def _exponent(times: _Numbers, rate: float, drain: float, patience: float) -> _Numbers:
    exponent: _Numbers = -rate * patience * np.expm1(-times / patience) - drain * times
    return exponent


def _grid(rate: float, drain: float, patience: float) -> _Numbers:
    """Return times from 0 until the density, which has one peak, has died out."""
    peak = patience * math.log(rate / drain) if rate > drain else 0.0
    ends = peak + np.geomspace(0.1 / drain, 1e9 / drain, 400)
    values = _exponent(np.concatenate(([peak], ends)), rate, drain, patience)
    gone = np.flatnonzero(values[1:] < values[0] - _NEGLIGIBLE)
    return np.linspace(0.0, float(ends[gone[0]] if len(gone) else ends[-1]), _POINTS)


def needed(queue: Queue, within_seconds: float, share: float) -> int:
    """Return the fewest servers with whom `share` of all are answered within the seconds."""
    servers = 1
    while expected(_with(queue, servers), within_seconds).service_level < share:
        servers += 1
    return servers


def _with(queue: Queue, servers: int) -> Queue:
    return Queue(queue.arrival_rate, queue.service_seconds, servers, queue.patience_seconds)
