"""A sentence encoder in ONNX, read out of the package that carries it."""

import zipfile

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

BATCH = 32
# How many tokens each reads, where its vector is taken from, and what its
# makers want before a question: as their model cards have it.
MODELS = {
    "minilm": {"tokens": 256, "pool": "mean", "prefix": ""},
    "bge": {"tokens": 512, "pool": "first", "prefix": "Represent this sentence for searching relevant passages: "},
}


def unpack(package, folder):
    """Writes model.onnx and tokenizer.json of a package into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(package) as z:
        for ending, name in ((".onnx", "model.onnx"), ("tokenizer.json", "tokenizer.json")):
            (folder / name).write_bytes(z.read(next(n for n in z.namelist() if n.endswith(ending))))


class Encoder:
    """Texts to vectors of length 1. Only as much is padded as a batch needs."""

    def __init__(self, folder, model):
        about = MODELS[model]
        self.prefix, self.pool = about["prefix"], about["pool"]
        # One thread: no processor time goes into threads that wait for each other.
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(folder / "model.onnx", options)
        self.inputs = [i.name for i in self.session.get_inputs()]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(about["tokens"])

    def passages(self, texts):
        ids = [e.ids for e in self.tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = np.zeros((len(ids), 384), np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start:start + BATCH]
            out[batch] = self._run([ids[i] for i in batch])
        return out

    def question(self, text):
        return self.passages([self.prefix + text])[0]

    def _run(self, ids):
        tokens = np.zeros((len(ids), max(map(len, ids))), np.int64)
        mask = np.zeros_like(tokens)
        for row, one in enumerate(ids):
            tokens[row, :len(one)], mask[row, :len(one)] = one, 1
        feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        hidden = self.session.run(None, {k: feed[k] for k in self.inputs})[0]
        if self.pool == "first":
            vectors = hidden[:, 0]
        else:
            vectors = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
