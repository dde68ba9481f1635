#!/usr/bin/env python3
"""Writes retrieval/embedding/testdata/reference.jsonl.gz: 200 sentences with
the token ids of the Hugging Face tokenizers library and the vector of the
shipped table, summed in float64. The Go tests compare themselves with it.

With --float (the table before rounding, from distill.py) it also says how
near the vectors of the rounded table are to those of the unrounded one; with
--teacher it checks that the vocabulary's tokens are those of the teacher's
own tokenizer.
"""

import argparse
import gzip
import json
import pathlib
import struct

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from distill import MAGIC, NAME_BYTES, OFFSET, Teacher

HERE = pathlib.Path(__file__).parent

ODD = [
    "", " ", "\t\r\n", ".", "...", "?!", "—", "“”", "a", "I", "7", "é", "ß", "日", "한", "ก", "🎙", "\u200b", "\ufeff", "\x00",
    "The", "unfathomabilities", "x" * 100, "x" * 101, "antidisestablishmentarianism" * 5, "é" * 100, "é" * 101, "😀" * 60,
    "[CLS] [SEP] [PAD] [MASK] [UNK] [unused1]", "##ing ## #ing # # 12", "#12345", "PR #12345 was merged into v0.21.1-rc2.",
    "don't can't won't I'm you've she'd o'clock rock'n'roll", "don’t can’t won’t I’m you’ve she’d", "it's the '90s, ain't it?",
    "e.g. i.e. etc. Dr. Mr. U.S.A. U.K. a.m. p.m.", "$9.99, €20, £5, ¥300 and 15 % of 1,234,567.89", "3.14159e-10 1/2 2^256 0xDEADBEEF",
    "2025-03-06T12:34:56Z [00:12:34] (01:02)", "https://example.org/path?query=1&x=%20#frag", "mail me@example.org, @handle, #podcast",
    "func main() { fmt.Println(\"hi\", a[i:j], x<<2, y!=z) }", "if (a && b || !c) return x->y::z;", "C:\\Users\\me\\file.txt ~/.config/app.toml",
    "<b>bold</b> &amp; &lt;tag&gt; {{ .Name }} `code` **strong** _em_", "snake_case camelCase kebab-case SCREAMING_CASE",
    "naïve café résumé Zoë façade jalapeño piñata Ångström Dvořák Łódź", "cafe\u0301 re\u0301sume\u0301 A\u030angstro\u0308m", "ÀÉÎÕÜ ŞĞİ ıI ŸŽ Œ Æ Ø Đ ð þ",
    "Die Öl- und Gaspreise stiegen im März überraschend kräftig, größtenteils außerhalb Europas.", "Straße STRASSE straße ẞ",
    "Les élèves étaient déçus par l'œuvre; ç'a été ça.", "¿Dónde está la biblioteca? ¡Mañana, señor!", "Perché no? Così è la vita, città!",
    "Привет, как дела? Это подкаст о Северной Корее.", "Γειά σου Κόσμε, Ὀδυσσεύς ΣΊΣΥΦΟΣ", "שלום עולם, מה שלומך?", "مرحبا بالعالم، كيف حالك؟",
    "東京でポッドキャストを聞きました。", "これはテストです。カタカナ、ひらがな、漢字。", "我们今天讨论人工智能和播客。", "中文English混合text测试123", "㐀㐁 豈 更 𠀀𠀁 𪜀 𫝀 𫤠",
    "안녕하세요, 오늘의 팟캐스트입니다. 값 닭 뷁", "สวัสดีครับ วันนี้เราจะคุยกัน", "नमस्ते दुनिया, आप कैसे हैं?", "Xin chào, tiếng Việt có dấu: ồ ễ ự ặ",
    "👋🏽 hello 👨‍👩‍👧‍👦 🇩🇪 ❤️ 🎉🎉", "♪ music ♫ [laughter] (applause) ♥ ★ ✓ → ≠ ≈ ∞", "ﬁne ﬂuﬀ ① ② ½ ™ © ® № ℃ Ω Å K", "ｆｕｌｌｗｉｄｔｈ ＡＢＣ １２３ ，．！",
    "zero\u200bwidth soft\u00adhyphen no\u00a0break thin\u2009space line\u2028sep para\u2029sep", "bell\x07 null\x00in esc\x1b[31mred\x1b[0m del\x7f nel\u0085 vt\x0bff\x0c",
    "replacement \ufffd character, private \ue000 use, bidi \u202eoverride\u202c", "tabs\tand\nnew\r\nlines   and   spaces", "combining: a\u0301\u0323\u0302 \u0301 alone", "\u037e \u0387 \u2126 \u212b \u1fef",
    "a,b;c:d!e?f(g)h[i]j{k}l/m\\n|o~p`q'r\"s<t>u=v+w-x_y*z&^%$#@", "word" + "!" * 50, "1234567890" * 10, "http" + "a1" * 60 + ".com", "ha" * 49 + " haha", "supercalifragilisticexpialidocious",
]

SPOKEN = [
    "Welcome back to the show, everybody. I'm here with my guest, and we have a lot to get through today.",
    "um so yeah i mean the thing is you know we never really thought about it that way",
    "Before we start, a quick word from our sponsor, who makes this podcast possible.",
    "So, uh, the central bank raised rates again, right, and nobody in the room was surprised.",
    "What did the minister say about the harvest, and why does it matter to farmers in the north?",
    "And that, I think, is the part that most people get wrong about the treaty of eighteen ninety-five.",
    "Let me push back on that a little: the numbers from 2019 simply do not show it.",
    "okay so we're going to switch gears now and talk about battery chemistry",
    "She grew up in a village of about three hundred people, and the nearest doctor was two hours away.",
    "If you enjoyed this episode, leave us a review and tell a friend.",
    "The engine failed at nine thousand metres; the crew had ninety seconds to decide.",
    "Who first suggested that the plague came by ship?",
    "I remember my grandmother's kitchen, the smell of cardamom, the radio always on.",
    "There's a wonderful line in the letters where he calls the whole project a beautiful mistake.",
    "How do you test a vaccine when there are no patients left?",
    "Speaker 2: No, no, hang on. That's not what I said. Speaker 1: It's what I heard.",
]

TOPICS = [
    ("Doctor Amara Okonkwo", "malaria nets", "Lagos"), ("Professor Jiří Novák", "medieval bridges", "Prague"),
    ("Ms. O'Sullivan-Price", "offshore wind", "Galway"), ("Kenji Watanabe", "robot lawnmowers", "Osaka"),
    ("Admiral José Núñez", "submarine cables", "Cádiz"), ("Ingrid Bjørnsdóttir", "volcano warnings", "Reykjavík"),
    ("DJ K-Lo", "vinyl pressing", "Detroit"), ("the late Mr. Abernathy", "seed banks", "Aberdeen"),
]
FORMS = [
    "What does {0} think of {1}?", "{0} moved to {2} in 19{n} to work on {1}.", "so {0} uh told us that {1} cost ${n},000 in {2}",
    "\"{1}? Never heard of it,\" said {0}.", "Why {2}, of all places, for {1}?", "{0}: Well... {1} isn't (and wasn't) about {2}.",
    "#{n}{n}7: {1} @ {2}, 10:{n} a.m.", "In {2}, {1} were {n}% cheaper — says {0} — than in 20{n}.",
    "THE {1} STORY, PART {n}: {0} RETURNS TO {2}!", "Did anyone besides {0} see {1} coming?", "{0}'s book on {1} ({2} Press, {n} pages)",
    "i don't know if {0} ever went to {2}, but {1}, yeah, totally",
    "{0} (host), {2}/{n}: {1}?!", "Nobody told {0} that {1} in {2} had been sold.",
]


def sentences(count=200):
    """The odd ones, the spoken ones, and forms filled in until there are enough."""
    out = ODD + SPOKEN
    for i in range(count - len(out)):
        topic = TOPICS[(i + i // len(FORMS)) % len(TOPICS)]
        out.append(FORMS[i % len(FORMS)].format(*topic, n=11 + i))
    assert len(set(out)) == count, f"{len(set(out))} different sentences, want {count}"
    return out


def read_table(path):
    """The rows of embedding.bin in float64, and the model's name."""
    raw = path.read_bytes()
    assert raw[:8] == MAGIC
    size, dimensions = struct.unpack("<II", raw[8:16])
    name = raw[16:16 + NAME_BYTES].rstrip(b"\0").decode()
    at = 16 + NAME_BYTES
    weights = np.frombuffer(raw, np.uint8, size, at).astype(np.float64)
    values = np.frombuffer(raw, np.uint8, size * dimensions, at + size).reshape(size, dimensions).astype(np.float64)
    return weights[:, None] * (values - OFFSET), name


def vector(table, ids):
    v = table[ids].sum(0) if len(ids) else np.zeros(table.shape[1])
    length = np.linalg.norm(v)
    return v / length if length > 0 else v


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--float", help="table before rounding, from distill.py")
    p.add_argument("--teacher", help="package with the teacher's tokenizer.json")
    p.add_argument("--out", default=HERE / "../../retrieval/embedding/testdata/reference.jsonl.gz")
    args = p.parse_args()

    tokens = (HERE / "../vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
    tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(tokens)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    table, name = read_table(HERE / "../embedding.bin")
    rows, losses = [], []
    unrounded = np.load(args.float).astype(np.float64) if args.float else None
    teacher = Teacher(args.teacher).tokenizer if args.teacher else None
    for text in sentences():
        encoded = tokenizer.encode(text)
        # The teacher's tokenizer takes its marks out of the text whole.
        if teacher and "[" not in text:
            assert encoded.tokens == teacher.encode(text, add_special_tokens=False).tokens, text
        v = vector(table, encoded.ids)
        rows.append({"text": text, "ids": encoded.ids, "vector": [round(float(x), 6) for x in v]})
        if unrounded is not None and v.any():
            losses.append(v @ vector(unrounded, encoded.ids))
    if losses:
        print(f"cosine of rounded to unrounded: mean {np.mean(losses):.6f}, least {np.min(losses):.6f}")
        assert np.min(losses) >= 0.99
    out = pathlib.Path(args.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(out, "wb", mtime=0) as f:
        f.write((json.dumps({"model": name}) + "\n").encode())
        for row in rows:
            f.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
    print(f"{len(rows)} sentences, {out.stat().st_size} bytes, {name}")


if __name__ == "__main__":
    main()
