#!/usr/bin/env python3
"""Makes ../embedding.bin and ../vocab.txt, the model inside the program.

The model is a table with one vector a token; a text's vector is the sum of
its tokens' vectors. It is distilled from a sentence transformer, the teacher:

1. Each token of the vocabulary goes through the teacher alone.
2. Sentences, the definitions and examples of WordNet, go through it too.
3. The principal components of the sentence vectors give the dimensions kept.
4. The token vectors are moved so that their sums come near the teacher's
   sentence vectors: least squares, with a pull towards where step 1 put them.
   This also finds how much each token counts.
5. Frequent tokens count less: SIF weights by place in the vocabulary, which
   is ordered by frequency.
6. Rows are rounded to 8 bits, each with a weight of 8 bits.

No text of any evaluation set is used. README.md says where teacher and
WordNet come from. The result is the same each time but for rounding, which
differs with the processor.
"""

import argparse
import hashlib
import pathlib
import re
import struct
import zipfile

import numpy as np
import onnxruntime
import scipy.sparse
from tokenizers import Tokenizer

MAGIC, NAME_BYTES, OFFSET = b"VBEMBED1", 64, 128
# Tokens that no text has: the teacher's own marks and its empty places.
MARKS = ("[PAD]", "[CLS]", "[SEP]", "[MASK]")


class Teacher:
    """A BERT sentence encoder in ONNX, read out of its package (jar or zip)."""

    def __init__(self, package):
        with zipfile.ZipFile(package) as z:
            model = next(n for n in z.namelist() if n.endswith(".onnx"))
            tokenizer = next(n for n in z.namelist() if n.endswith("tokenizer.json"))
            self.session = onnxruntime.InferenceSession(z.read(model))
            self.tokenizer = Tokenizer.from_str(z.read(tokenizer).decode())
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(160)
        self.inputs = [i.name for i in self.session.get_inputs()]
        self.size = self.tokenizer.get_vocab_size()
        self.tokens = [self.tokenizer.id_to_token(i) for i in range(self.size)]

    def pool(self, ids, mask):
        """The mean of the last layer over the tokens under the mask."""
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self.session.run(None, {k: feed[k] for k in self.inputs})[0]
        return (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)

    def embed_tokens(self):
        """[CLS] token [SEP] for every token of the vocabulary."""
        cls, sep = self.tokenizer.token_to_id("[CLS]"), self.tokenizer.token_to_id("[SEP]")
        rows = []
        for start in range(0, self.size, 512):
            ids = np.arange(start, min(self.size, start + 512))
            ids = np.stack([np.full_like(ids, cls), ids, np.full_like(ids, sep)], 1)
            rows.append(self.pool(ids, np.ones_like(ids)))
        return np.concatenate(rows).astype(np.float32)

    def embed_texts(self, texts):
        """Vectors of length 1, in the order of the texts."""
        encoded = [np.array(e.ids) for e in self.tokenizer.encode_batch(texts)]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        out = np.zeros((len(texts), 384), np.float16)
        for start in range(0, len(order), 64):
            batch = order[start:start + 64]
            ids = np.zeros((len(batch), max(len(encoded[i]) for i in batch)), np.int64)
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                ids[row, :len(encoded[i])], mask[row, :len(encoded[i])] = encoded[i], 1
            v = self.pool(ids, mask)
            out[batch] = v / np.linalg.norm(v, axis=1, keepdims=True)
            if start % 6400 == 0:
                print(f"  {start} of {len(order)} sentences", flush=True)
        return out


def read_wordnet(folder):
    """WordNet's definitions, as "word, word: definition", and examples."""
    texts, seen = [], set()

    def add(text):
        text = re.sub(r"\s+", " ", text).strip()
        if 8 <= len(text) <= 600 and text.lower() not in seen:
            seen.add(text.lower())
            texts.append(text)

    for part in ("noun", "verb", "adj", "adv"):
        for line in open(pathlib.Path(folder) / f"data.{part}", encoding="utf-8"):
            if line.startswith("  "):  # the licence, at the head of each file
                continue
            # Form of the files: wndb(5WN) of WordNet 3.0.
            head, gloss = line.split(" | ", 1)
            fields = head.split(" ")
            words = [fields[4 + 2 * i].replace("_", " ") for i in range(int(fields[3], 16))]
            words = [re.sub(r"\([a-z]+\)$", "", w) for w in words]
            definition, *examples = re.split(r';\s*(?=")', gloss.strip())
            add(f"{', '.join(words)}: {definition.strip(' ;')}")
            for example in examples:
                add(example.strip(' ";'))
    return texts


def cached(folder, texts, embed):
    """embed(texts), kept in the folder under the checksum of the texts."""
    if not folder:
        return embed(texts)
    path = pathlib.Path(folder) / (hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16] + ".npy")
    if not path.exists():
        np.save(path, embed(texts))
    return np.load(path)


def principal_components(vectors, dimensions):
    """A matrix that brings centred vectors to their principal components."""
    values, axes = np.linalg.eigh(vectors.T @ vectors)
    axes = axes[:, ::-1][:, :dimensions]
    print(f"{dimensions} dimensions keep {values[::-1][:dimensions].sum() / values.sum():.1%} of the variance")
    return axes * np.sign(axes[np.abs(axes).argmax(0), np.arange(axes.shape[1])])


def count_tokens(tokenizer, texts, size):
    """One row a text, its token counts over the square root of its length:
    sums of unlike vectors grow with that root."""
    unknown = tokenizer.token_to_id("[UNK]")
    columns, ends, values = [], [0], []
    for e in tokenizer.encode_batch(texts, add_special_tokens=False):
        ids = [i for i in e.ids if i != unknown]
        columns += ids
        ends.append(len(columns))
        values += [1 / max(1, len(ids)) ** 0.5] * len(ids)
    matrix = scipy.sparse.csr_matrix(
        (np.array(values, np.float32), np.array(columns), np.array(ends)), shape=(len(texts), size))
    matrix.sum_duplicates()
    return matrix


def fit(counts, target, start, pull, steps):
    """Minimises |counts X - target|^2 + pull |X - start|^2 over X, by conjugate
    gradients on the normal equations, all columns at once."""
    back = counts.T.tocsr()
    x = start.copy()
    rest = back @ (target - counts @ x)
    way, square = rest.copy(), (rest * rest).sum(0)
    for _ in range(steps):
        step = back @ (counts @ way) + pull * way
        length = square / np.maximum((way * step).sum(0), 1e-20)
        x += length * way
        rest -= length * step
        previous, square = square, (rest * rest).sum(0)
        way = rest + square / np.maximum(previous, 1e-20) * way
    return x


def sif(size, a):
    """a / (a + p), p by Zipf's law from the place in the vocabulary."""
    p = 1 / np.arange(2, size + 2)
    return (a / (a + p / p.sum()))[:, None].astype(np.float32)


def quantize(table):
    """Weights (0 to 255) and rows (bytes, OFFSET added), and what they stand for."""
    largest = np.abs(table).max(1)
    unit = largest.max() / 127 / 255
    # Rounding the weight up keeps every value of the row within 127.
    weights = np.ceil(largest / 127 / unit - 1e-9).clip(0, 255)
    values = np.rint(table / np.maximum(weights[:, None] * unit, 1e-30)).clip(-127, 127)
    return weights.astype(np.uint8), (values + OFFSET).astype(np.uint8), weights[:, None] * unit * values


def write(folder, teacher_name, tokens, table):
    """Writes vocab.txt and embedding.bin; the layout is that of
    retrieval/embedding/static.go."""
    weights, rows, rounded = quantize(table)
    vocabulary = "\n".join(tokens) + "\n"
    content = vocabulary.encode() + weights.tobytes() + rows.tobytes()
    name = f"verbatim-static-{teacher_name}-{table.shape[1]}-{hashlib.sha256(content).hexdigest()[:8]}"
    head = MAGIC + struct.pack("<II", *table.shape) + name.encode().ljust(NAME_BYTES, b"\0")
    folder = pathlib.Path(folder)
    (folder / "vocab.txt").write_text(vocabulary, encoding="utf-8")
    (folder / "embedding.bin").write_bytes(head + weights.tobytes() + rows.tobytes())
    near = (table * rounded).sum(1) / np.maximum(np.linalg.norm(table, axis=1) * np.linalg.norm(rounded, axis=1), 1e-30)
    kept = weights > 0
    print(f"{name}: {kept.sum()} rows, cosine to the unrounded ones {near[kept].mean():.5f}, least {near[kept].min():.5f}")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--teacher", required=True, help="package with the teacher's .onnx and tokenizer.json")
    p.add_argument("--teacher-name", default="minilm", help="short name, part of the model's name")
    p.add_argument("--wordnet", required=True, help="folder with WordNet's data.noun, data.verb, data.adj, data.adv")
    p.add_argument("--out", default=pathlib.Path(__file__).parent.parent, help="folder for embedding.bin and vocab.txt")
    p.add_argument("--cache", help="folder that keeps the teacher's vectors between runs")
    p.add_argument("--float", help="file for the table before rounding (.npy), which reference.py compares with")
    p.add_argument("--dimensions", type=int, default=256)
    p.add_argument("--pull", type=float, default=1, help="weight of the pull towards the teacher's token vectors")
    p.add_argument("--steps", type=int, default=25, help="steps of conjugate gradients")
    p.add_argument("--sif", type=float, default=1e-4, help="a of the SIF weights")
    args = p.parse_args()

    teacher = Teacher(args.teacher)
    texts = read_wordnet(args.wordnet)
    print(f"{len(texts)} sentences of WordNet")
    sentences = cached(args.cache, texts, teacher.embed_texts).astype(np.float32)
    sentences -= sentences.mean(0)
    axes = principal_components(sentences, args.dimensions)
    target = sentences @ axes

    known = np.array([t not in MARKS and t != "[UNK]" and not t.startswith("[unused") for t in teacher.tokens])
    start = teacher.embed_tokens()
    start = (start - start[known].mean(0)) @ axes
    teacher.tokenizer.no_truncation()
    counts = count_tokens(teacher.tokenizer, texts, teacher.size)
    guess = counts @ start
    start *= (guess * target).sum() / (guess * guess).sum()
    table = fit(counts, target, start, np.float32(args.pull), args.steps)
    guess = counts @ table
    near = (guess * target).sum(1) / np.linalg.norm(guess, axis=1).clip(1e-9) / np.linalg.norm(target, axis=1).clip(1e-9)
    print(f"mean cosine to the teacher's sentence vectors {near.mean():.3f}")

    table *= sif(teacher.size, args.sif)
    table[~known] = 0
    kept = [i for i, t in enumerate(teacher.tokens) if known[i] or t == "[UNK]"]
    if args.float:
        np.save(args.float, table[kept])
    write(args.out, args.teacher_name, [teacher.tokens[i] for i in kept], table[kept])


if __name__ == "__main__":
    main()
