"""Writes a real, tiny ONNX encoder: each word has a vector, nothing is downloaded or shipped.

ONNX files are protocol buffers; the few fields needed here are written by hand
(onnx.proto3: ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto).
"""

import json
from pathlib import Path

import numpy as np

FLOAT, INT64 = 1, 7
SIZE = 64


def write_encoder(folder: Path, words: list[str], **configs: dict[str, object]) -> Path:
    """Write `model.onnx` and `tokenizer.json` for these words; `configs` are further files."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = ["[PAD]", "[UNK]", *words]
    table = np.random.default_rng(7).normal(size=(len(vocabulary), SIZE)).astype(np.float32)
    (folder / "model.onnx").write_bytes(_model(table))
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(vocabulary)))
    for name, content in configs.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def _tokenizer(vocabulary: list[str]) -> dict[str, object]:
    ids = {word: number for number, word in enumerate(vocabulary)}
    return {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": ids, "unk_token": "[UNK]"},
    }


def _model(table: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> bytes:
    tensor = b"".join(_number(1, size) for size in table.shape)
    tensor += _number(2, FLOAT) + _bytes(8, b"table") + _bytes(9, table.tobytes())
    node = _bytes(1, b"table") + _bytes(1, b"input_ids") + _bytes(2, b"last_hidden_state")
    node += _bytes(3, b"look-up") + _bytes(4, b"Gather")
    graph = _bytes(1, node) + _bytes(2, b"tiny") + _bytes(5, tensor)
    graph += _bytes(11, _value(b"input_ids", INT64, 2))
    graph += _bytes(12, _value(b"last_hidden_state", FLOAT, 3))
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, 13))


def _value(name: bytes, kind: int, dimensions: int) -> bytes:
    shape = b"".join(_bytes(1, _bytes(2, b"d%d" % each)) for each in range(dimensions))
    tensor = _number(1, kind) + _bytes(2, shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])
