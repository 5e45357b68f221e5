#!/usr/bin/env python3
"""Reference vectors and scores of encoders and of one decoder, in plain NumPy and in double precision.

Writes NAME.gguf (random weights) and NAME.json (what they give) for each model below into this folder; run it again with
    /usr/bin/python3 oracle.py
and nothing changes. The definitions are those of Hugging Face's BertModel (embeddings, self-attention, LayerNorm after
each residual sum), of nomic-bert (RoPE on halves, gated SiLU), of jina-bert-v2 (symmetric ALiBi, GELU gate in the first half
of one matrix) and of Qwen3ForCausalLM, with the pooling and the classification head of llama.cpp's build_pooling:
scores = cls.output * tanh(cls * state + bias) + bias, a softmax over them for qwen3 only. GELU is llama.cpp's (the tanh form);
Hugging Face's default is the exact one, whose distance is told in the JSON under "sensitivity". Segments of pairs are
Hugging Face's: 0 up to the first [SEP], then 1.
"""
import json
import math
import pathlib
import string
import struct

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
F32, U32, STRING, ARRAY, BOOL, I32 = 6, 4, 8, 9, 7, 5

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ("the a of to and is was in on at not my your late parcel lost refund card bank money price ship sea harbour "
         "light house tree dog cat ran big small red green day night when where how who answer question").split()
ENDINGS = "s ed ing er ly est ness".split()
LETTERS = list("abcdefghijklmnopqrstuvwxyz0123456789.,?!")
# GGUF's form of a WordPiece vocabulary: U+2581 begins a word, and what goes on loses its ##.
VOCABULARY = (SPECIALS + ["\u2581" + w for w in WORDS] + ENDINGS + ["\u2581" + c for c in LETTERS if c not in WORDS]
              + [c for c in LETTERS if c.isalnum() and c != "s"])
assert len(set(VOCABULARY)) == len(VOCABULARY)
IDS = {token: i for i, token in enumerate(VOCABULARY)}
CLS, SEP, UNK = 2, 3, 1


def pieces(text):
    """Lower case, words and punctuation apart, each covered by the longest pieces there are."""
    spaced = "".join(" " + c + " " if c in string.punctuation else c for c in text.lower())
    ids = []
    for word in spaced.split():
        word, found = "\u2581" + word, []
        while word:
            n = next((n for n in range(len(word), 0, -1) if word[:n] in IDS), 0)
            if n == 0:
                found = [UNK]
                break
            found.append(IDS[word[:n]])
            word = word[n:]
        ids += found
    return ids


def layer_norm(x, weight, bias, eps):
    mean = x.mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + eps) * weight + bias


def rms_norm(x, weight, eps):
    return x / np.sqrt((x ** 2).mean(-1, keepdims=True) + eps) * weight


def gelu_tanh(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * x * (1 + 0.044715 * x * x)))


def gelu_exact(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def silu(x):
    return x / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def rotated(x, base):
    """RoPE on halves: x is [token][head][size]."""
    tokens, _, size = x.shape
    angles = np.arange(tokens)[:, None] * base ** (-2 * np.arange(size // 2) / size)
    cos, sin = np.cos(angles)[:, None, :], np.sin(angles)[:, None, :]
    a, b = x[..., :size // 2], x[..., size // 2:]
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], -1)


def attend(q, k, v, causal, slopes=None):
    """q is [token][head][size]; heads of k and v are shared by groups. Gives [token][head * size]."""
    tokens, heads, size = q.shape
    group = heads // k.shape[1]
    out = np.zeros_like(q)
    for h in range(heads):
        scores = q[:, h] @ k[:, h // group].T / math.sqrt(size)
        distance = np.arange(tokens)[:, None] - np.arange(tokens)[None, :]
        if slopes is not None:
            scores = scores - slopes[h] * np.abs(distance)
        if causal:
            scores = np.where(distance < 0, -np.inf, scores)
        out[:, h] = softmax(scores) @ v[:, h // group]
    return out.reshape(tokens, -1)


class Model:
    """Random weights under GGUF's names, kept as floats and computed with as doubles."""

    def __init__(self, name, seed, **sizes):
        self.name, self.random, self.tensors = name, np.random.default_rng(seed), {}
        self.__dict__.update(sizes)

    def add(self, name, *shape, scale=None, around=0.0):
        scale = scale if scale is not None else 1.6 / math.sqrt(shape[-1])
        self.tensors[name] = (around + scale * self.random.standard_normal(shape)).astype(np.float32)

    def norm(self, name):
        self.add(name + ".weight", self.width, scale=0.2, around=1.0)
        self.add(name + ".bias", self.width, scale=0.2)

    def linear(self, name, rows, columns, bias=True):
        self.add(name + ".weight", rows, columns)
        if bias:
            self.add(name + ".bias", rows, scale=0.3)

    def t(self, name):
        return self.tensors[name].astype(np.float64)

    def apply(self, name, x):
        y = x @ self.t(name + ".weight").T
        return y + self.t(name + ".bias") if name + ".bias" in self.tensors else y

    def centred(self, name, x):
        return layer_norm(x, self.t(name + ".weight"), self.t(name + ".bias"), self.eps)

    def classify(self, state):
        x = np.tanh(self.apply("cls", state)) if "cls.weight" in self.tensors else state
        return self.apply("cls.output", x)


class Encoder(Model):
    eps = 1e-12

    def build(self):
        w, f = self.width, self.wide
        self.add("token_embd.weight", len(VOCABULARY), w, scale=1.0)
        self.add("token_types.weight", 2, w, scale=1.0)
        if self.name == "bert":
            self.add("position_embd.weight", self.context, w, scale=1.0)
        self.norm("token_embd_norm")
        for i in range(self.layers):
            p = f"blk.{i}."
            if self.name == "nomic-bert":
                self.linear(p + "attn_qkv", 3 * w, w, False)
            else:
                for part in "qkv":
                    self.linear(p + "attn_" + part, w, w)
            self.linear(p + "attn_output", w, w, self.name != "nomic-bert")
            self.norm(p + "attn_output_norm")
            if self.name == "bert":
                self.linear(p + "ffn_up", f, w)
            elif self.name == "nomic-bert":
                self.linear(p + "ffn_up", f, w, False)
                self.linear(p + "ffn_gate", f, w, False)
            else:
                self.linear(p + "ffn_up", 2 * f, w, False)
            self.linear(p + "ffn_down", w, f, self.name != "nomic-bert")
            self.norm(p + "layer_output_norm")
        if self.name == "bert":
            self.linear("cls", w, w)
            self.linear("cls.output", 1, w)
        elif self.name == "jina-bert-v2":
            self.linear("cls", 1, w)
        return self

    def classify(self, state):
        return super().classify(state) if self.name == "bert" else np.tanh(self.apply("cls", state))

    def states(self, ids, second=None, gelu=gelu_tanh, causal=False, positions=True, types=True):
        n = len(ids)
        segments = np.array([0 if second is None or i < second else 1 for i in range(n)])
        x = self.t("token_embd.weight")[ids]
        if types:
            x = x + self.t("token_types.weight")[segments]
        if self.name == "bert" and positions:
            x = x + self.t("position_embd.weight")[:n]
        x = self.centred("token_embd_norm", x)
        for i in range(self.layers):
            p = f"blk.{i}."
            if self.name == "nomic-bert":
                q, k, v = np.split(self.apply(p + "attn_qkv", x), 3, axis=1)
            else:
                q, k, v = (self.apply(p + "attn_" + part, x) for part in "qkv")
            q, k, v = (m.reshape(n, self.heads, -1) for m in (q, k, v))
            slopes = None
            if self.name == "nomic-bert" and positions:
                q, k = rotated(q, self.base), rotated(k, self.base)
            if self.name == "jina-bert-v2" and positions:
                slopes = alibi(self.heads)
            x = self.centred(p + "attn_output_norm",
                             x + self.apply(p + "attn_output", attend(q, k, v, causal, slopes)))
            up = self.apply(p + "ffn_up", x)
            if self.name == "bert":
                wide = gelu(up)
            elif self.name == "nomic-bert":
                wide = silu(self.apply(p + "ffn_gate", x)) * up
            else:
                wide = gelu(up[:, :self.wide]) * up[:, self.wide:]
            x = self.centred(p + "layer_output_norm", x + self.apply(p + "ffn_down", wide))
        return x

    def pair(self, query, document):
        first = [CLS] + pieces(query) + [SEP]
        return first + pieces(document) + [SEP], len(first)

    def score(self, query, document, **changes):
        ids, second = self.pair(query, document)
        return float(self.classify(self.states(ids, second, **changes)[0])[0])

    def keys(self):
        keys = [(f"{self.name}.attention.layer_norm_epsilon", F32, self.eps),
                (f"{self.name}.attention.causal", BOOL, False)]
        if self.name == "nomic-bert":
            keys.append((f"{self.name}.rope.freq_base", F32, self.base))
        if self.name == "bert":
            keys.append(("general.tags", ARRAY, ["sentence-transformers", "loss:MatryoshkaLoss"]))
        return keys


def alibi(heads):
    """The slopes of arXiv:2108.12409, as its authors' code has them."""
    def power_of_two(n):
        start = 2 ** (-2 ** -(math.log2(n) - 3))
        return [start * start ** i for i in range(n)]
    if math.log2(heads).is_integer():
        return power_of_two(heads)
    closest = 2 ** math.floor(math.log2(heads))
    return power_of_two(closest) + alibi(2 * closest)[0::2][:heads - closest]


class Decoder(Model):
    eps = 1e-6
    TEMPLATE = "[CLS]question {query} answer {document} ?[SEP]"

    def build(self):
        w, f, s = self.width, self.wide, self.size
        self.add("token_embd.weight", len(VOCABULARY), w, scale=1.0)
        self.add("output_norm.weight", w, scale=0.2, around=1.0)
        for i in range(self.layers):
            p = f"blk.{i}."
            self.add(p + "attn_norm.weight", w, scale=0.2, around=1.0)
            self.linear(p + "attn_q", self.heads * s, w, False)
            self.linear(p + "attn_k", self.shared * s, w, False)
            self.linear(p + "attn_v", self.shared * s, w, False)
            self.linear(p + "attn_output", w, self.heads * s, False)
            self.add(p + "attn_q_norm.weight", s, scale=0.2, around=1.0)
            self.add(p + "attn_k_norm.weight", s, scale=0.2, around=1.0)
            self.add(p + "ffn_norm.weight", w, scale=0.2, around=1.0)
            self.linear(p + "ffn_gate", f, w, False)
            self.linear(p + "ffn_up", f, w, False)
            self.linear(p + "ffn_down", w, f, False)
        self.linear("cls.output", 2, w, False)
        return self

    def states(self, ids, causal=True):
        n = len(ids)
        x = self.t("token_embd.weight")[ids]
        for i in range(self.layers):
            p = f"blk.{i}."
            h = rms_norm(x, self.t(p + "attn_norm.weight"), self.eps)
            q = self.apply(p + "attn_q", h).reshape(n, self.heads, -1)
            k = self.apply(p + "attn_k", h).reshape(n, self.shared, -1)
            v = self.apply(p + "attn_v", h).reshape(n, self.shared, -1)
            q = rotated(rms_norm(q, self.t(p + "attn_q_norm.weight"), self.eps), self.base)
            k = rotated(rms_norm(k, self.t(p + "attn_k_norm.weight"), self.eps), self.base)
            x = x + self.apply(p + "attn_output", attend(q, k, v, causal))
            h = rms_norm(x, self.t(p + "ffn_norm.weight"), self.eps)
            x = x + self.apply(p + "ffn_down", silu(self.apply(p + "ffn_gate", h)) * self.apply(p + "ffn_up", h))
        return rms_norm(x, self.t("output_norm.weight"), self.eps)

    def score(self, query, document):
        ids, _ = self.pair(query, document)
        return float(softmax(self.classify(self.states(ids)[-1]))[0])

    def pair(self, query, document):
        return [CLS] + pieces(f"question {query} answer {document} ?") + [SEP], None

    def keys(self):
        a = self.name
        return [(f"{a}.attention.layer_norm_rms_epsilon", F32, self.eps),
                (f"{a}.attention.head_count_kv", U32, self.shared), (f"{a}.attention.key_length", U32, self.size),
                (f"{a}.attention.value_length", U32, self.size), (f"{a}.rope.freq_base", F32, self.base),
                (f"{a}.classifier.output_labels", ARRAY, ["yes", "no"]),
                ("tokenizer.chat_template.rerank", STRING, self.TEMPLATE)]


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value_of(kind, value):
    if kind == STRING:
        return text(value)
    if kind == ARRAY:
        inner = STRING if isinstance(value[0], str) else I32
        return struct.pack("<IQ", inner, len(value)) + b"".join(value_of(inner, v) for v in value)
    return struct.pack({F32: "<f", U32: "<I", I32: "<i", BOOL: "<?"}[kind], value)


def write_gguf(model, pooling):
    a = model.name
    kinds = [3 if token in SPECIALS and token != "[UNK]" else 2 if token == "[UNK]" else 1 for token in VOCABULARY]
    keys = [("general.architecture", STRING, a), ("general.name", STRING, "Random " + a),
            (f"{a}.context_length", U32, model.context), (f"{a}.embedding_length", U32, model.width),
            (f"{a}.block_count", U32, model.layers), (f"{a}.feed_forward_length", U32, model.wide),
            (f"{a}.attention.head_count", U32, model.heads), (f"{a}.pooling_type", U32, pooling)] + model.keys() + [
        ("tokenizer.ggml.model", STRING, "bert"), ("tokenizer.ggml.tokens", ARRAY, VOCABULARY),
        ("tokenizer.ggml.token_type", ARRAY, kinds), ("tokenizer.ggml.bos_token_id", U32, CLS),
        ("tokenizer.ggml.seperator_token_id", U32, SEP), ("tokenizer.ggml.unknown_token_id", U32, UNK),
        ("tokenizer.ggml.padding_token_id", U32, 0), ("tokenizer.ggml.mask_token_id", U32, 4)]
    out = b"GGUF" + struct.pack("<IQQ", 3, len(model.tensors), len(keys))
    for key, kind, value in keys:
        out += text(key) + struct.pack("<I", kind) + value_of(kind, value)
    data = b""
    for name, tensor in model.tensors.items():
        out += text(name) + struct.pack("<I", tensor.ndim) + b"".join(struct.pack("<Q", n) for n in tensor.shape[::-1])
        out += struct.pack("<IQ", 0, len(data))
        data += tensor.tobytes() + bytes(-len(tensor.tobytes()) % 32)
    (HERE / f"{a}.gguf").write_bytes(out + bytes(-len(out) % 32) + data)


TEXTS = ["The dog ran to the big tree.", "Where is my late parcel? Your shipping was slowest!", "cat",
         "A lighthouse in the harbour, red and green, was the answer to the question who ran the ships at night, "
         "and when the small banker was not on the sea the money of the day is lost; how? The tree was big and the cat "
         "ran up to my house, but where is the light in the small red harbour at night? Ask your dog, not the ships."]
PAIRS = [("where is my parcel", "Your parcel was lost at sea."), ("where is my parcel", "The cat is green."),
         ("refund the money", "How to refund a card at the bank: answer the question, and the money is on your card.")]


def unit(x):
    return (x / np.linalg.norm(x)).tolist()


def nmse(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return float(((a - b) ** 2).sum() / (b ** 2).sum())


def rounded(numbers):
    return [float(f"{n:.9g}") for n in numbers]


def main():
    sizes = dict(width=48, wide=80, heads=3, layers=2, context=120)
    models = [(Encoder("bert", 1, **sizes).build(), 1), (Encoder("nomic-bert", 2, base=1000.0, **sizes).build(), 1),
              (Encoder("jina-bert-v2", 3, **sizes).build(), 1),
              (Decoder("qwen3", 4, base=1e6, shared=1, size=16, **sizes).build(), 3)]
    for model, pooling in models:
        write_gguf(model, pooling)
        texts = []
        for sentence in TEXTS:
            ids = [CLS] + pieces(sentence) + [SEP]
            states = model.states(ids)
            texts.append({"text": sentence, "tokens": ids, "mean": rounded(unit(states.mean(0))),
                          "cls": rounded(unit(states[0])), "last": rounded(unit(states[-1]))})
        pairs = []
        if "cls.output.weight" in model.tensors or "cls.weight" in model.tensors:
            for query, document in PAIRS:
                ids, second = model.pair(query, document)
                pairs.append({"query": query, "document": document, "pair": ids,
                              "second": len(ids) if second is None else second,
                              "score": float(f"{model.score(query, document):.9g}")})
        ids = texts[1]["tokens"]
        right = model.states(ids)
        if isinstance(model, Encoder):
            changes = {"causal": dict(causal=True), "no positions": dict(positions=False),
                       "no segments": dict(types=False), "exact gelu": dict(gelu=gelu_exact)}
        else:
            changes = {"both ways": dict(causal=False)}
        sensitivity = {name: nmse(model.states(ids, **change), right) for name, change in changes.items()}
        if model.name == "bert":
            ids, second = model.pair(*PAIRS[0])
            sensitivity["one segment of pairs"] = nmse(model.states(ids)[0], model.states(ids, second)[0])
        document = {"model": model.name, "pooling_type": pooling, "sensitivity": sensitivity, "texts": texts,
                    "pairs": pairs, "states_of_the_first_text": rounded(model.states(texts[0]["tokens"]).ravel())}
        (HERE / f"{model.name}.json").write_text(json.dumps(document, ensure_ascii=False) + "\n")
        print(model.name, [len(t["tokens"]) for t in texts], [p["score"] for p in pairs], sensitivity)


if __name__ == "__main__":
    main()
