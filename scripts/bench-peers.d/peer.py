#!/usr/bin/env python3
"""Puts one set through one system, in a process of its own:

    peer.py SYSTEM GOLD MODELS OUT

MODELS is the folder of the unpacked models. OUT is written: the ranked line
ranges of each question, and the processor and wall-clock seconds of adding the
transcripts and of the questions. Importing and loading a model count apart.
"""

import json
import math
import pathlib
import re
import sys
import tempfile
import time
from collections import Counter

from texts import Set

K = 10
# How many questions a system is asked again with its model kept, where it drops it.
KEPT = 50


class BM25:
    """k1 1.2, b 0.75, no stems, over the windows of one transcript."""

    def __init__(self, models):
        self.docs = {}

    @staticmethod
    def terms(text):
        return re.findall(r"\w+", text.lower())

    def add(self, text):
        windows = [(Counter(self.terms(t)), lines) for t, lines in text.windows()]
        self.docs[text.name] = windows, Counter(w for c, _ in windows for w in c), sum(c.total() for c, _ in windows) / len(windows)

    def search(self, question, doc):
        windows, df, mean = self.docs[doc]
        scored = []
        for i, (count, lines) in enumerate(windows):
            score, length = 0.0, count.total()
            for w in self.terms(question):
                if tf := count[w]:
                    idf = math.log(1 + (len(windows) - df[w] + 0.5) / (df[w] + 0.5))
                    score += idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / mean))
            if score > 0:
                scored.append((-score, i, lines))
        return [lines for _, _, lines in sorted(scored)[:K]]


class Chroma:
    """Chroma as its guide has it: on disk, its default embedding, a filter by
    transcript. It has no splitter of its own."""

    def __init__(self, models):
        import chromadb
        from chromadb.config import Settings
        from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2
        folder = pathlib.Path(models) / "minilm"
        # Handed to it where it would put its download; it looks for these names.
        home = pathlib.Path(models) / "chroma"
        (home / "onnx").mkdir(parents=True, exist_ok=True)
        for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
            (home / "onnx" / name).touch()
        for name in ("model.onnx", "tokenizer.json"):
            link = home / "onnx" / name
            link.unlink(missing_ok=True)
            link.hardlink_to(folder / name)
        ONNXMiniLM_L6_V2.DOWNLOAD_PATH = home
        self.embedding = ONNXMiniLM_L6_V2()
        self.folder = tempfile.TemporaryDirectory()
        client = chromadb.PersistentClient(self.folder.name, Settings(anonymized_telemetry=False))
        self.collection = client.create_collection("transcripts")
        self.lines = {}
        self.collection.query(query_texts=["load"], n_results=1)

    def add(self, text):
        ids, texts = [], []
        for i, (window, lines) in enumerate(text.windows()):
            ids.append(f"{text.name}#{i}")
            texts.append(window)
            self.lines[ids[-1]] = lines
        self.collection.add(ids=ids, documents=texts, metadatas=[{"doc": text.name}] * len(ids))

    def search(self, question, doc):
        found = self.collection.query(query_texts=[question], n_results=K, where={"doc": doc}, include=["distances"])
        return [self.lines[i] for i in found["ids"][0]]

    def search_kept(self, question, doc):
        """As search, by an embedding that is kept: the default one loads its
        model anew for every call."""
        found = self.collection.query(query_embeddings=self.embedding([question]), n_results=K, where={"doc": doc}, include=["distances"])
        return [self.lines[i] for i in found["ids"][0]]


class LangChain:
    """LangChain as its guide to retrieval has it: 1,000 characters that overlap
    by 200, the store in memory, a filter by transcript."""

    def __init__(self, models):
        from encoder import Encoder
        from langchain_core.documents import Document
        from langchain_core.embeddings import Embeddings
        from langchain_core.vectorstores import InMemoryVectorStore
        from langchain_text_splitters import RecursiveCharacterTextSplitter
        encoder = Encoder(pathlib.Path(models) / "minilm", "minilm")

        class MiniLM(Embeddings):
            def embed_documents(self, texts):
                return encoder.passages(texts).tolist()

            def embed_query(self, text):
                return encoder.question(text).tolist()

        self.document = Document
        self.splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        self.store = InMemoryVectorStore(MiniLM())
        encoder.question("load")

    def add(self, text):
        chunks = self.splitter.split_documents([self.document(text.text, metadata={"doc": text.name})])
        for c in chunks:
            start = c.metadata["start_index"]
            assert text.text.startswith(c.page_content, start)
            c.metadata["lines"] = text.lines(start, start + len(c.page_content))
        self.store.add_documents(chunks)

    def search(self, question, doc):
        found = self.store.similarity_search(question, k=K, filter=lambda d: d.metadata["doc"] == doc)
        return [d.metadata["lines"] for d in found]


class LlamaIndex:
    """LlamaIndex with the defaults of its splitter (1,024 tokens that overlap by
    200), of its index and of its store."""

    def __init__(self, models):
        from encoder import Encoder
        from llama_index.core import Document, VectorStoreIndex
        from llama_index.core.base.embeddings.base import BaseEmbedding
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.core.vector_stores import MetadataFilter, MetadataFilters
        encoder = Encoder(pathlib.Path(models) / "minilm", "minilm")

        class MiniLM(BaseEmbedding):
            def _get_text_embedding(self, text):
                return encoder.passages([text])[0].tolist()

            def _get_text_embeddings(self, texts):
                return encoder.passages(texts).tolist()

            def _get_query_embedding(self, query):
                return encoder.question(query).tolist()

            async def _aget_query_embedding(self, query):
                return self._get_query_embedding(query)

        self.document, self.filter, self.filters = Document, MetadataFilter, MetadataFilters
        self.splitter = SentenceSplitter()
        self.index = VectorStoreIndex([], embed_model=MiniLM())
        self.lines = {}
        encoder.question("load")
        self.splitter.split_text("load")

    def add(self, text):
        # The name is for the filter, not for the vector.
        document = self.document(text=text.text, metadata={"doc": text.name}, excluded_embed_metadata_keys=["doc"], excluded_llm_metadata_keys=["doc"])
        nodes = self.splitter.get_nodes_from_documents([document])
        for n in nodes:
            assert text.text[n.start_char_idx:n.end_char_idx] == n.text
            self.lines[n.node_id] = text.lines(n.start_char_idx, n.end_char_idx)
        self.index.insert_nodes(nodes)

    def search(self, question, doc):
        only = self.filters(filters=[self.filter(key="doc", value=doc)])
        found = self.index.as_retriever(similarity_top_k=K, filters=only).retrieve(question)
        return [self.lines[n.node.node_id] for n in found]


class BGE:
    """bge-small-en-v1.5 over the same windows as Chroma's, every one compared."""

    def __init__(self, models):
        from encoder import Encoder
        self.encoder = Encoder(pathlib.Path(models) / "bge", "bge")
        self.docs = {}
        self.encoder.question("load")

    def add(self, text):
        windows = list(text.windows())
        self.docs[text.name] = self.encoder.passages([w for w, _ in windows]), [lines for _, lines in windows]

    def search(self, question, doc):
        vectors, lines = self.docs[doc]
        return [lines[i] for i in (-(vectors @ self.encoder.question(question))).argsort(kind="stable")[:K]]


SYSTEMS = {"bm25": BM25, "chroma": Chroma, "langchain": LangChain, "llamaindex": LlamaIndex, "bge": BGE}


def clock():
    return time.process_time(), time.perf_counter()


def main():
    name, gold, models, out = sys.argv[1:]
    of = Set(gold)
    times = [(0.0, time.perf_counter()), ]
    system = SYSTEMS[name](models)
    times.append(clock())
    for text in of.texts:
        system.add(text)
    times.append(clock())
    hits = {q["id"]: system.search(q["query"], q["doc"]) for q in of.questions}
    times.append(clock())
    load, add, ask = ((b[0] - a[0], b[1] - a[1]) for a, b in zip(times, times[1:]))
    result = {"hits": hits, "load": load, "add": add, "ask": ask}
    if hasattr(system, "search_kept"):
        some = of.questions[:KEPT]
        system.search_kept("load", some[0]["doc"])
        started = clock()
        assert all(system.search_kept(q["query"], q["doc"]) == hits[q["id"]] for q in some)
        result["ask_kept"] = [(b - a) / len(some) for a, b in zip(started, clock())]
    with open(out, "w", encoding="utf-8") as f:
        json.dump(result, f)


if __name__ == "__main__":
    main()
