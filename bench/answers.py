"""How well and how fast sentences are found, beside tantivy, bm25s and SQLite FTS5 in the same run.

    python bench/answers.py --data DIR --json FILE [--encoder bge-small-en] [--keep FOLDER]
        [--only quality,speed,pack] [--sizes 1000,100000,1000000]

Needs bench/requirements.txt and requirements-large.lock. DIR holds MedQuAD (see medquad.py); T2
is measured if LiveQA's file of questions lies there too. Each contender has a process of its own.

quality  nDCG@10 on T1 (1,000 questions, answers alone) and T2, and the time per question
speed    p50, p99 and memory at several numbers of sentences. Above ENCODED sentences, vectors are
         made from those of real sentences: encoding a million takes hours and isn't measured here
pack     a question to the packs' answers in process, all included (safety, database, citations)

Encoding MedQuAD takes half an hour on one quiet core; --keep keeps the index for the next run.
Exit status 1 when a limit isn't met.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

import medquad  # noqa: E402
import peers  # noqa: E402

SIZES = "1000,100000,1000000"
# As documented for large English content.
ENCODER = "bge-small-en"
ENCODED = 5_000
ASKED = 300
PACK_ROUNDS = 3
KEPT = ("T1-careline", "T2-careline")
LIMITS = {
    "T1 nDCG@10": (0.78, "at least"),
    "T2 nDCG@10": (0.76, "at least"),
    "T1 p99 ms": (100, "at most"),
    "1000000 p99 ms": (150, "at most"),
    "1000000 MiB": (4096, "at most"),
    "pack p99 ms": (25, "at most"),
    "pack MiB": (350, "at most"),
}


def main() -> int:
    """Measure in child processes, print, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--encoder", default=ENCODER)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="quality,speed,pack")
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options, options.child.split())))
        return 0
    figures: dict[str, Any] = {"load before": os.getloadavg(), "encoder": options.encoder}
    workplace = options.keep or Path(tempfile.mkdtemp(prefix="careline-answers-"))
    try:
        for name in children(options):
            figures[name] = run(name, workplace)
            print(name, json.dumps(figures[name]), flush=True)
    finally:
        if not options.keep:
            shutil.rmtree(workplace, ignore_errors=True)
    figures["load after"] = os.getloadavg()
    figures["limits"] = judged(figures)
    options.json.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures["limits"], indent=2))
    return int(not all(each["met"] for each in figures["limits"].values()))


def children(options: argparse.Namespace) -> Iterator[str]:
    """Yield what is measured, one process each."""
    only = options.only.split(",")
    if "quality" in only:
        for task in ("T1", "T2-paraphrase", "T2-summary"):
            yield from (f"quality {task} {name}" for name in ("careline", *peers.PEERS))
    if "speed" in only:
        for size in options.sizes.split(","):
            yield from (f"speed {size} {name}" for name in ("careline", *peers.PEERS))
    if "pack" in only:
        yield "pack"


def run(name: str, workplace: Path) -> Any:
    """Return what a child process measured."""
    environment = {**os.environ, "CARELINE_BENCH": str(workplace)}
    done = subprocess.run(
        [sys.executable, *sys.argv, "--child", name], env=environment, stdout=subprocess.PIPE
    )
    lines = done.stdout.decode().strip().splitlines()
    return json.loads(lines[-1]) if done.returncode == 0 and lines else {"failed": done.returncode}


def child(options: argparse.Namespace, what: Sequence[str]) -> dict[str, Any]:
    """Measure one contender."""
    if what[0] == "quality":
        return quality(options, what[1], what[2])
    return speed(options, int(what[1]), what[2]) if what[0] == "speed" else pack()


def quality(options: argparse.Namespace, task_name: str, contender: str) -> dict[str, Any]:
    """Return nDCG@10 and the time per question."""
    forms = {"T2-paraphrase": "NIST-PARAPHRASE", "T2-summary": "NLM-Summary"}
    task = (
        medquad.t2(options.data, forms[task_name])
        if task_name in forms
        else medquad.t1(options.data, options.questions)
    )
    if task is None:
        return {"not measured": f"{medquad.LIVEQA} isn't in the data folder"}
    folder, built = place(f"{task.name}-{contender}"), {}
    if contender == "careline":
        built = in_a_process(build_task, folder, task, options.encoder)
        searched = peers.Careline(folder, encoder(options.encoder))
    else:
        texts = {key: f"{task.titles.get(key, '')} {text}" for key, text in task.documents.items()}
        built = in_a_process(peers.PEERS[contender].build, texts, folder)
        searched = peers.PEERS[contender](folder)
    gained: dict[int, float] = {}

    def ask(at: int) -> None:
        question, gains = task.questions[at]
        gained[at] = medquad.ndcg(searched.search(question, 10), gains)

    times = timed(ask, len(task.questions))
    return {
        "nDCG@10": round(sum(gained.values()) / len(gained), 4),
        "questions": len(gained),
        "documents": len(task.documents),
        **times,
        "MiB": resident(),
        **built,
    }


def build_task(folder: Path, task: medquad.Task, named: str) -> None:
    """Index a task's documents as the product does."""
    peers.Careline.build(task.documents, folder, encoder(named), task.titles)


def speed(options: argparse.Namespace, size: int, contender: str) -> dict[str, Any]:
    """Return the time per question and the memory among so many sentences."""
    folder = place(f"speed-{size}-{contender}")
    built = in_a_process(build_sized, options, size, contender, folder)
    if contender == "careline":
        searched: Any = peers.Careline(folder, encoder(options.encoder))
    else:
        searched = peers.PEERS[contender](folder)
    chosen = medquad.t1(options.data, ASKED).questions
    questions = [question for question, _gains in chosen]
    times = timed(lambda at: searched.search(questions[at], 10), len(questions))
    return {**times, "MiB": resident(), **built}


def build_sized(options: argparse.Namespace, size: int, contender: str, folder: Path) -> None:
    """Index so many sentences."""
    documents = dict(generated(options.data, size))
    if contender != "careline":
        peers.PEERS[contender].build(documents, folder)
        return
    real = encoder(options.encoder)
    mixing = Mixing(real, list(documents.values())[:ENCODED], folder)
    peers.Careline.build(documents, folder, mixing, {})


def in_a_process(build: Callable[..., None], *arguments: Any) -> dict[str, Any]:
    """Build apart, so that the memory of searching isn't that of building. Return its cost."""
    context = multiprocessing.get_context("fork")
    told = context.SimpleQueue()

    def work() -> None:
        build(*arguments)
        told.put(resident("VmHWM"))

    began = time.perf_counter()
    process = context.Process(target=work)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"building failed: {process.exitcode}")
    return {"built in s": round(time.perf_counter() - began, 1), "MiB to build": told.get()}


def generated(data: Path, size: int) -> Iterator[tuple[str, str]]:
    """Yield real sentences; when they are used up, half of one with half of another."""
    real = medquad.sentences(data)
    chance = medquad.chance()
    chance.shuffle(real)
    for number in range(size):
        if number < len(real):
            yield str(number), real[number]
        else:
            first, second = chance.choice(real).split(), chance.choice(real).split()
            yield str(number), " ".join(first[: len(first) // 2] + second[len(second) // 2 :])


class Mixing:
    """Makes vectors from pairs of those of real texts, with some noise."""

    def __init__(self, real: Any, texts: Sequence[str], folder: Path) -> None:
        import numpy as np

        self.name = real.name
        kept = folder.with_suffix(".vectors.npy")
        if not kept.exists():
            np.save(kept, real.encode(texts))
        self.vectors = np.load(kept)
        self.chance = np.random.default_rng(medquad.SEED)

    def encode(self, texts: Sequence[str]) -> Any:
        """Return one unit vector per text."""
        import numpy as np

        picked = self.chance.integers(0, len(self.vectors), size=(len(texts), 2))
        mixed = self.vectors[picked[:, 0]] + 0.7 * self.vectors[picked[:, 1]]
        mixed += self.chance.normal(scale=0.02, size=mixed.shape)
        return (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)


def pack() -> dict[str, Any]:
    """Return the time of whole answers to the packs' own questions, and the process's memory."""
    home = place("home")
    os.environ.update(CARELINE_HOME=str(home), DJANGO_SETTINGS_MODULE="careline.settings.dev")
    command = [sys.executable, "-m", "careline", "prepare"]
    subprocess.run(command, cwd=REPOSITORY, check=True, stdout=sys.stderr)
    import django

    django.setup()
    from careline.answers import ask, index
    from careline.content.models import QuestionVariant, RefusalExample

    index.current()
    asked = [
        *QuestionVariant.objects.order_by("pk").values_list("text", "language"),
        *RefusalExample.objects.order_by("pk").values_list("text", "language"),
    ]
    medquad.chance().shuffle(asked)
    asked = asked[:ASKED] * PACK_ROUNDS
    times = timed(lambda at: ask(asked[at][0], language=asked[at][1]), len(asked))
    return {**times, "asked": len(asked), "MiB": resident()}


# --- measuring ---


def encoder(named: str) -> Any:
    """Return the encoder as the service loads it."""
    from careline.answers.engine.encoder import WheelEncoder
    from careline.answers.engine.onnx_folder import FolderEncoder
    from careline.answers.engine.pooled import PooledEncoder

    return PooledEncoder(FolderEncoder(named) if named else WheelEncoder(place("wheel")))


def place(name: str) -> Path:
    """Return a folder of the workplace, empty unless it is what takes long to make."""
    folder = Path(os.environ["CARELINE_BENCH"]) / name
    if not name.startswith(KEPT):
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def timed(step: Callable[[int], object], count: int) -> dict[str, float]:
    """Return the median and the 99th percentile of some steps, in milliseconds, after a few."""
    for at in range(min(count, 5)):
        step(at)
    taken = []
    for at in range(count):
        began = time.perf_counter()
        step(at)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {
        "p50 ms": round(taken[len(taken) // 2], 2),
        "p99 ms": round(taken[min(len(taken) - 1, int(len(taken) * 0.99))], 2),
    }


def resident(field: str = "VmRSS") -> int:
    """Return this process's memory in MiB; mapped files count as far as they are in use."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) // 1024


def judged(figures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each limit beside what was measured; what wasn't measured isn't judged."""
    measured = {
        "T1 nDCG@10": figures.get("quality T1 careline", {}).get("nDCG@10"),
        "T2 nDCG@10": figures.get("quality T2-paraphrase careline", {}).get("nDCG@10"),
        "T1 p99 ms": figures.get("quality T1 careline", {}).get("p99 ms"),
        "1000000 p99 ms": figures.get("speed 1000000 careline", {}).get("p99 ms"),
        "1000000 MiB": figures.get("speed 1000000 careline", {}).get("MiB"),
        "pack p99 ms": figures.get("pack", {}).get("p99 ms"),
        "pack MiB": figures.get("pack", {}).get("MiB"),
    }
    return {
        name: {
            "limit": f"{kind} {limit}",
            "measured": measured[name],
            "met": measured[name] >= limit if kind == "at least" else measured[name] <= limit,
        }
        for name, (limit, kind) in LIMITS.items()
        if measured[name] is not None
    }


if __name__ == "__main__":
    raise SystemExit(main())
