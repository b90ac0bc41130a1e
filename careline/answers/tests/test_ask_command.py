"""`careline ask`: bad input first, then the batch interface that others rely on."""

import json
import os
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from careline.answers import ask


def batch(tmp_path: Path, text: str | bytes, **options: Any) -> list[dict[str, Any]]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(text.encode() if isinstance(text, str) else text)
    call_command("ask", batch=source, out=target, stderr=StringIO(), **options)
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("second_line", "says"),
    [
        ("not json", "line 2"),
        ('["a", "b"]', "line 2"),
        ('{"id": "2"}', "line 2"),
        ('{"question": "no id"}', "line 2"),
        ('{"id": true, "question": "x"}', "line 2"),
        ('{"id": "2", "question": 7}', "line 2"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(
    pack: Path, tmp_path: Path, second_line: str, says: str
) -> None:
    with pytest.raises(CommandError, match=says) as refused:
        batch(tmp_path, '{"id": "1", "question": "what is nivolumab"}\n' + second_line)
    assert refused.value.returncode == 2
    assert not (tmp_path / "out.jsonl").exists()


def test_a_file_that_cannot_be_read_is_named(pack: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"in\.jsonl") as refused:
        batch(tmp_path, b"\xff\xfe\x00garbage")
    assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="nowhere"):
        call_command("ask", batch=tmp_path / "nowhere", out=tmp_path / "out")


def test_no_question_no_target_and_an_unknown_language_are_explained(tmp_path: Path) -> None:
    calls: list[dict[str, Any]] = [{}, {"batch": tmp_path / "in"}, {"question": "x", "lang": "xx"}]
    for arguments in calls:
        with pytest.raises(CommandError) as refused:
            call_command("ask", **{"question": None, **arguments})
        assert refused.value.returncode == 2


def test_a_batch_keeps_order_and_ids_and_answers_each_line(pack: Path, tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = [
        {"id": "b", "question": "what is immunotherapy"},
        {"id": 7, "question": "how many mg of nivolumab do I get"},
        {"id": "a", "question": "qué bloquea Opdivo"},
        {"id": "a", "question": ""},
        {"id": "e", "question": "I can't breathe since the infusion"},
    ]
    lines = "\ufeff" + "\r\n\n".join(json.dumps(each) for each in asked) + "\n"
    replies = batch(tmp_path, lines)
    assert [reply["id"] for reply in replies] == ["b", 7, "a", "a", "e"]
    assert [reply["answered"] for reply in replies] == [True, False, True, False, False]
    assert [reply["refusal"] for reply in replies][1] == "dose"
    assert [reply["language"] for reply in replies][:3] == ["en", "en", "es"]
    assert replies[4]["urgency"] == "emergency"
    assert [reply["question"] for reply in replies] == [each["question"] for each in asked]


def test_no_line_of_the_log_stands_between_the_replies(
    pack: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    batch(tmp_path, '{"id": 1, "question": "what is immunotherapy"}')
    call_command("ask", "what is nivolumab", stdout=StringIO())
    assert not caplog.messages

    ask("what is nivolumab")
    assert "question.asked" in caplog.text


def test_one_question_is_answered_in_words_or_as_json(pack: Path) -> None:
    words, as_json = StringIO(), StringIO()
    call_command("ask", "what is nivolumab", stdout=words)
    call_command("ask", "what is nivolumab", "--json", stdout=as_json)
    assert "Nivolumab blocks PD-1." in words.getvalue()
    assert json.loads(as_json.getvalue())["answered"] is True


def test_danger_comes_first_on_the_terminal(pack: Path) -> None:
    words = StringIO()
    call_command("ask", "I can't breathe since the infusion", stdout=words)
    assert words.getvalue().startswith("[EMERGENCY]")
    assert "(not_covered)" not in words.getvalue()


@pytest.mark.parametrize(
    "line",
    [
        r'{"id": "\ud800", "question": "a\ud800b"}',
        r'{"id": "a\u0000", "question": "\u0000"}',
        '{"id": 1, "question": ""}',
        '{"id": "long", "question": "%s"}' % ("x" * 100_000),
    ],
)
def test_a_strange_line_has_a_reply_with_its_own_id(pack: Path, tmp_path: Path, line: str) -> None:
    [reply] = batch(tmp_path, b"\xef\xbb\xbf" + line.encode() + b"\r\n\r\n")

    assert reply["id"] == json.loads(line)["id"]
    assert not reply["answered"]


def test_a_folder_is_no_place_for_the_replies(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": 1, "question": "x"}')

    with pytest.raises(CommandError, match="is a folder"):
        call_command("ask", batch=source, out=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_pipe_is_written_into_and_stays_a_pipe(pack: Path, tmp_path: Path) -> None:
    source, pipe = tmp_path / "in.jsonl", tmp_path / "pipe"
    source.write_text('{"id": 1, "question": "x"}')
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    call_command("ask", batch=source, out=pipe, stderr=StringIO())

    assert json.loads(os.read(reader, 100_000))["id"] == 1
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    os.close(reader)
