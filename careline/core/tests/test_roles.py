"""`careline run web`, `live` and `worker`: one process, refused where it can't serve."""

import os
import resource
import socket
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from careline.core import preparation, supervisor


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[list[list[str]]]:
    """What this process would have become; it is prepared, and the port is free."""
    found: list[list[str]] = []
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setattr(os, "execv", lambda _program, command: found.append(command))
    monkeypatch.setattr(preparation, "is_prepared", lambda *, with_staff: True)
    monkeypatch.setenv("CARELINE_ROLE", "")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        settings.LISTEN_PORT = probe.getsockname()[1]
    yield found
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_an_unknown_role_is_refused(
    became: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert supervisor.run("everything") == 2
    assert "web, live, worker" in capsys.readouterr().err
    assert became == []


def test_a_machine_that_is_not_prepared_is_refused(
    became: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preparation, "is_prepared", lambda *, with_staff: False)
    assert supervisor.run("web") == 1
    assert "careline prepare" in capsys.readouterr().err
    assert became == []


@pytest.mark.parametrize(
    ("role", "program"), [("web", "uvicorn"), ("live", "uvicorn"), ("worker", "careline")]
)
def test_each_role_is_one_process_with_room_for_many_streams(
    became: list[list[str]], role: str, program: str
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 256), hard))
    supervisor.run(role)
    assert became[0][2] == program
    now, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert now == min(hard, supervisor.OPEN_FILES) or hard == resource.RLIM_INFINITY
