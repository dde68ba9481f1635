#!/usr/bin/env python3
"""Runs every system over every set, scores all by one scorer and prints tables:

    bench.py VERBATIM MODELS WORK EVAL_DIR

VERBATIM is the program, MODELS the folder of the unpacked models, WORK a folder
for libraries and results. A result that is in WORK already is not made again.
"""

import importlib.metadata
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

import tables
from score import FIGURES, score
from texts import Set

HERE = pathlib.Path(__file__).parent
SETS = ("spoken_squad/public", "btc_podcasts/public", "optech_recap/public", "qmsum/val")
# Of a set with more questions than MANY only every fourth is asked, of all systems.
MANY, EVERY = 1000, 4


def one_core():
    """Holds a process to one core, so that no threads spin while they wait for
    each other: such time would count as the processor's."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def measured(command, env, stdout):
    """Runs a command; (processor seconds, wall-clock seconds, peak bytes)."""
    started = time.perf_counter()
    with open(stdout, "wb") as out:
        process = subprocess.Popen([str(c) for c in command], env=env, stdout=out, cwd=stdout.parent, preexec_fn=one_core)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench-peers: exit status {process.returncode}: {' '.join(map(str, command[:6]))}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss * 1024


def sample(eval_dir, work, name):
    """The set as it is asked: its gold in WORK, its transcripts linked there."""
    gold = work / "sets" / f"{name}.gold.jsonl"
    gold.parent.mkdir(parents=True, exist_ok=True)
    lines = (eval_dir / f"{name}.gold.jsonl").read_text(encoding="utf-8").splitlines()
    gold.write_text("\n".join(lines[::EVERY] if len(lines) > MANY else lines) + "\n", encoding="utf-8")
    folder = work / "sets" / name
    folder.unlink(missing_ok=True)
    folder.symlink_to((eval_dir / name).resolve())
    return gold


def peer(system, gold, models, folder):
    out = folder / "out.json"
    _, _, peak = measured([sys.executable, HERE / "peer.py", system, gold, models, out], None, folder / "log")
    return json.loads(out.read_text()) | {"peak": peak}


class Endpoint:
    """The endpoint in a process of its own, and what it has used so far."""

    def __init__(self, models, model):
        command = [sys.executable, HERE / "endpoint.py", models / model, model]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=one_core)
        self.address = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def usage(self):
        with urllib.request.urlopen(self.address + "/usage") as r:
            return json.load(r)

    def close(self):
        self.process.terminate()
        self.process.wait()


def verbatim(program, gold, folder, endpoint=None, model=None):
    """Adds by `verbatim add` and asks by `verbatim search`, on the disk. Starting
    the program and opening the library are part of the times."""
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR")}
    usage = lambda: {"cpu": 0, "peak": 0}
    if endpoint:
        env |= {"OPENAI_BASE_URL": endpoint.address + "/v1", "OPENAI_API_KEY": "local", "EMBEDDING_MODEL": model}
        usage = endpoint.usage
    of, library = Set(gold), folder / "library"
    shutil.rmtree(library, ignore_errors=True)
    before = usage()
    add = measured([program, "add", "-data", library, "-json", *(of.folder / t.name for t in of.texts)], env, folder / "added.json")
    between = usage()
    ids = {pathlib.Path(a["file"]).name: a["episode"] for a in json.loads((folder / "added.json").read_text())}
    with open(folder / "batch.jsonl", "w", encoding="utf-8") as f:
        f.writelines(json.dumps({"id": q["id"], "query": q["query"], "episode": ids[q["doc"]]}) + "\n" for q in of.questions)
    ask = measured([program, "search", "-data", library, "-k", "10", "-batch", folder / "batch.jsonl"], env, folder / "found.jsonl")
    after = usage()
    found = [json.loads(line) for line in (folder / "found.jsonl").read_text(encoding="utf-8").splitlines()]
    return {
        "hits": {f["id"]: [[h["first_line"], h["last_line"]] for h in f["hits"]] for f in found},
        "add": (add[0] + between["cpu"] - before["cpu"], add[1]), "ask": (ask[0] + after["cpu"] - between["cpu"], ask[1]),
        "load": (0, 0), "peak": max(add[2], ask[2]) + after["peak"],
    }


def check(program, gold, rows, folder):
    """Ends the run unless Verbatim's own eval has the same figures."""
    measured([program, "eval", "-mode", "hybrid", "-json", gold], {"PATH": os.environ["PATH"]}, folder / "eval.json")
    own = json.loads((folder / "eval.json").read_text())[0]["search"][0]
    names = ("recall_at_1", "recall_at_3", "recall_at_5", "recall_at_10", "line_ndcg_at_10", "reach_at_50", None, "lines_returned")
    for figure, name, mean in zip(FIGURES, names, rows.mean(0)):
        if name and abs(own[name]["mean"] - mean) > 1e-9:
            sys.exit(f"bench-peers: {figure} of {gold}: {mean} here, {own[name]['mean']} by verbatim eval")


SYSTEMS = {
    "verbatim": "**Verbatim, default**", "bm25": "BM25", "chroma": "Chroma, its default MiniLM", "llamaindex": "LlamaIndex, MiniLM",
    "langchain": "LangChain, MiniLM", "verbatim-minilm": "Verbatim, MiniLM by endpoint", "bge": "bge-small, exact", "verbatim-bge": "Verbatim, bge-small by endpoint",
}


def run(system, program, gold, models, folder):
    """One system over one set."""
    if system == "verbatim":
        return verbatim(program, gold, folder)
    if not system.startswith("verbatim-"):
        return peer(system, gold, models, folder)
    model = system.removeprefix("verbatim-")
    endpoint = Endpoint(models, model)
    try:
        return verbatim(program, gold, folder, endpoint, model)
    finally:
        endpoint.close()


def main():
    program, models, work, eval_dir = (pathlib.Path(a).resolve() for a in sys.argv[1:])
    golds = {name: sample(eval_dir, work, name) for name in SETS}
    wanted = os.environ.get("PEERS_SYSTEMS", " ".join(SYSTEMS)).split()
    results, rows = {}, {}
    for system in wanted:
        for name, gold in golds.items():
            folder = work / "results" / name / system
            folder.mkdir(parents=True, exist_ok=True)
            kept = folder / "result.json"
            if not kept.exists():
                print(f"bench-peers: {system}, {name}", file=sys.stderr)
                kept.write_text(json.dumps(run(system, program, gold, models, folder)))
            results[name, system] = json.loads(kept.read_text())
            results[name, system]["questions"] = len(Set(gold).questions)
            rows[name, system] = score(Set(gold).questions, results[name, system]["hits"])
            if system == "verbatim":
                check(program, gold, rows[name, system], folder)
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in ("chromadb", "llama-index-core", "langchain-core", "langchain-text-splitters", "onnxruntime"))
    tables.quality({s: SYSTEMS[s] for s in wanted}, SETS, results, rows)
    tables.cost({s: SYSTEMS[s] for s in wanted}, SETS, results)
    print(f"Python {sys.version.split()[0]}, {versions}")


if __name__ == "__main__":
    main()
