"""What `careline run` starts ends with it, however it ends."""

import signal
from pathlib import Path

import psutil
import pytest

from e2e.servers import Prepared, running

ENDED_SECONDS = 20


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_process_stays_behind(prepared: Prepared, tmp_path: Path, how: signal.Signals) -> None:
    with running(prepared, tmp_path) as server:
        started = psutil.Process(server.process.pid).children(recursive=True)
        assert len(started) >= 2

        server.process.send_signal(how)

        _ended, left = psutil.wait_procs(started, timeout=ENDED_SECONDS)
        for process in left:
            process.kill()
        assert not left
