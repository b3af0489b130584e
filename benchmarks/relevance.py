"""Measure how well search answers whole questions: `python -m benchmarks.relevance FOLDER...`.

Each folder is a set of questions as information retrieval keeps them: `docs.jsonl`, `queries.jsonl` and `qrels.tsv`, one right
document per question; its name begins with its language, `en-` or `fr-`. All documents stand in one index.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from search.engine import Document, Engine, Query
from search.whoosh_engine import WhooshEngine

_SPACE = "measured"
_LOOKED_AT = 10


def documents(folder: Path) -> Iterator[Document]:
    """Yield the documents of a set, as rules in its language."""
    for row in _rows(folder / "docs.jsonl"):
        key = f"{folder.name}:{row['id']}"
        yield Document(key, key, "procedure", _SPACE, folder.name[:2], row["title"], row["text"])


def measured(engine: Engine, folder: Path) -> tuple[int, float, float]:
    """Return how many questions a set has, how many of them find their document among ten, and the mean of one over its rank."""
    _, *lines = (folder / "qrels.tsv").read_text().splitlines()
    right = {question: f"{folder.name}:{document}" for question, document, _ in (line.split("\t") for line in lines)}
    ranks = [_rank(engine, row["text"], right[str(row["id"])]) for row in _rows(folder / "queries.jsonl")]
    found = [rank for rank in ranks if rank]
    return len(ranks), len(found) / len(ranks), sum(1 / rank for rank in found) / len(ranks)


def _rank(engine: Engine, question: str, right: str) -> int | None:
    hits = engine.search(Query(question, frozenset([_SPACE]), date.today(), page_size=_LOOKED_AT)).hits
    return next((rank for rank, hit in enumerate(hits, 1) if hit.key == right), None)


def _rows(path: Path) -> Iterator[dict]:
    return map(json.loads, path.read_text().splitlines())


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    folders = parser.parse_args().folders
    with tempfile.TemporaryDirectory() as place:
        engine = WhooshEngine(Path(place) / "index")
        engine.rebuild(document for folder in folders for document in documents(folder))
        print("| set | questions | recall@10 | MRR@10 |\n|---|---|---|---|")
        for folder in folders:
            many, recall, mrr = measured(engine, folder)
            print(f"| {folder.name} | {many} | {recall:.3f} | {mrr:.3f} |")


if __name__ == "__main__":
    main()
