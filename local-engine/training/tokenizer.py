"""The tokenizer: SentencePiece-style BPE by score, encoded just as llama.cpp encodes `tokenizer.ggml.model = "llama"`.

Two choices make copying easy for a small model:

* digits and punctuation are never merged, so an order number is a row of single characters;
* the space mark `▁` hangs on the end of common words (`order▁`), never on the beginning and never on what may end a
  value (`pt`, `com`): `marlene@mail.pt` is the same row of pieces after a space, after a quote and at the end.

    python3 tokenizer.py         # trains on the training split, writes tokenizer.json
"""

import collections
import heapq
import json
import re
from functools import lru_cache
from pathlib import Path

SPACE = "▁"
UNKNOWN, BOS, EOS, START, END = "<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"
NORMAL, UNKNOWN_TYPE, CONTROL, BYTE = 1, 2, 3, 6
# JSON glue of the answers; every piece must be reachable by merging two shorter ones
GLUE = ('{"', '"}', '":', '":"', '",', '","', ',"')
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}")
# everyday words and short forms that may also end an e-mail address
WORDS_AS_DOMAINS = set("com net org pt br uk io eu info shop store online app dev biz me tv co us".split())

PATH = Path(__file__).parent / "tokenizer.json"
# no piece crosses these borders, so each segment can be encoded (and cached) by itself
_SEGMENT = re.compile(rf"[^\W\d_{SPACE}]+{SPACE}?|[{{}}\":,]+|.", re.S)
_WORD = re.compile(r"[^\W\d_]+")


class Tokenizer:
    def __init__(self, pieces: list[str], scores: list[float], types: list[int]):
        self.pieces, self.scores, self.types = pieces, scores, types
        self.ids = {piece: i for i, piece in enumerate(pieces)}
        self.start, self.end, self.bos, self.eos = (self.ids[p] for p in (START, END, BOS, EOS))
        self._segment = lru_cache(maxsize=200_000)(self._merge)

    @staticmethod
    def load(path: Path = PATH) -> "Tokenizer":
        return Tokenizer(**json.loads(path.read_text(encoding="utf-8")))

    def encode(self, text: str) -> list[int]:
        """Plain text, no control tokens, no space prefix."""
        text = text.replace(" ", SPACE)
        return [token for segment in _SEGMENT.findall(text) for token in self._segment(segment)]

    def encode_whole(self, text: str) -> list[int]:
        """The same without the cut into segments: the reference that `encode` must equal."""
        return list(self._merge(text.replace(" ", SPACE)))

    def chat(self, messages: list[dict[str, str]], generation_prompt: bool = True) -> list[int]:
        """The tokens of the rendered chat template."""
        tokens: list[int] = []
        for message in messages:
            tokens += [self.start, *self.encode(message["role"] + "\n" + message["content"]), self.end, *self.encode("\n")]
        if generation_prompt:
            tokens += [self.start, *self.encode("assistant\n")]
        return tokens

    def decode(self, tokens: list[int]) -> str:
        raw = b""
        for token in tokens:
            if self.types[token] == BYTE:
                raw += bytes([int(self.pieces[token][3:5], 16)])
            elif self.types[token] == NORMAL:
                raw += self.pieces[token].replace(SPACE, " ").encode()
        return raw.decode("utf-8", errors="replace")

    def _merge(self, text: str) -> tuple[int, ...]:
        """llama.cpp's `llm_tokenizer_spm`: always merge the adjacent pair of best score, leftmost first."""
        symbols: list[str | None] = list(text)
        after = list(range(1, len(symbols) + 1))
        before = list(range(-1, len(symbols) - 1))
        queue: list[tuple[float, int, int, str]] = []

        def offer(left: int, right: int) -> None:
            if left >= 0 and right < len(symbols):
                token = self.ids.get(symbols[left] + symbols[right])
                if token is not None:
                    heapq.heappush(queue, (-self.scores[token], left, right, symbols[left] + symbols[right]))

        for i in range(len(symbols) - 1):
            offer(i, i + 1)
        while queue:
            _, left, right, merged = heapq.heappop(queue)
            if symbols[left] is None or symbols[right] is None or symbols[left] + symbols[right] != merged or after[left] != right:
                continue
            symbols[left], symbols[right] = merged, None
            after[left] = after[right]
            if after[right] < len(symbols):
                before[after[right]] = left
            offer(before[left], left)
            offer(left, after[left])
        result: list[int] = []
        for symbol in symbols:
            if symbol is not None:
                token = self.ids.get(symbol)
                result += [token] if token is not None else [self.ids[f"<0x{b:02X}>"] for b in symbol.encode()]
        return tuple(result)


def render(messages: list[dict[str, str]], generation_prompt: bool = True) -> str:
    """What the Jinja template gives, as text."""
    text = "".join(f"{START}{m['role']}\n{m['content']}{END}\n" for m in messages)
    return text + (f"{START}assistant\n" if generation_prompt else "")


def train(texts: list[str], merges: int, spaced: int, never_spaced: set[str]) -> Tokenizer:
    """Byte-pair merges inside words, then the `spaced` commonest whole words once more with the space mark behind them."""
    words: collections.Counter[str] = collections.Counter()
    spaced_words: collections.Counter[str] = collections.Counter()
    characters: collections.Counter[str] = collections.Counter()
    for text in texts:
        words.update(_WORD.findall(text))
        spaced_words.update(re.findall(rf"[^\W\d_{SPACE}]+(?={SPACE})", text.replace(" ", SPACE)))
        characters.update(text.replace(" ", SPACE).replace("\n", ""))

    parts = {word: list(word) for word in words}
    pairs: collections.Counter[tuple[str, str]] = collections.Counter()
    where: dict[tuple[str, str], set[str]] = collections.defaultdict(set)
    for word, symbols in parts.items():
        for pair in zip(symbols, symbols[1:]):
            pairs[pair] += words[word]
            where[pair].add(word)
    learned: list[str] = []
    while len(learned) < merges:
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merged = best[0] + best[1]
        if merged not in learned:
            learned.append(merged)
        for word in list(where[best]):
            symbols = parts[word]
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] -= words[word]
                where[pair].discard(word)
            parts[word] = symbols = _join(symbols, best)
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += words[word]
                where[pair].add(word)
        pairs.pop(best, None)

    kept = {c for c, count in characters.items() if count >= 20 and c != SPACE}
    kept |= {chr(c) for c in range(33, 127)}
    single = [SPACE, *sorted(kept)]
    last_pieces: collections.Counter[str] = collections.Counter()
    for word, count in spaced_words.items():
        if len(parts[word]) == 1 and word not in never_spaced:
            last_pieces[word] += count
    whole = [piece + SPACE for piece, _ in last_pieces.most_common(spaced)]
    pieces = [UNKNOWN, BOS, EOS] + [f"<0x{b:02X}>" for b in range(256)] + [START, END] + single
    types = [UNKNOWN_TYPE, CONTROL, CONTROL] + [BYTE] * 256 + [CONTROL] * 2 + [NORMAL] * len(single)
    scores = [0.0] * len(pieces)
    for piece in [*learned, *GLUE, *whole]:
        pieces.append(piece)
        types.append(NORMAL)
        scores.append(-float(len(pieces)))
    while len(pieces) % 32:
        pieces.append(f"<|reserved_{len(pieces) % 32}|>")
        types.append(CONTROL)
        scores.append(0.0)
    return Tokenizer(pieces, scores, types)


def _join(symbols: list[str], pair: tuple[str, str]) -> list[str]:
    result: list[str] = []
    i = 0
    while i < len(symbols):
        if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == pair:
            result.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            result.append(symbols[i])
            i += 1
    return result


def main() -> None:
    from phrases import load
    from tickets import TASKS, Generator
    generator = Generator(load("train"), "tokenizer")
    samples = [generator.sample(TASKS[i % 4]) for i in range(40_000)]
    texts = [m["content"] for s in samples for m in s.messages] + [s.answer for s in samples]
    texts += ["system", "user", "assistant"] * 1000
    endings = {domain.rsplit(".")[-1] for domain in generator.bank.vocabulary("domains")} | WORDS_AS_DOMAINS
    tokenizer = train(texts, merges=1500, spaced=700, never_spaced=endings)
    PATH.write_text(json.dumps({"pieces": tokenizer.pieces, "scores": tokenizer.scores, "types": tokenizer.types},
                               ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    lengths = [len(tokenizer.chat(s.messages)) + len(tokenizer.encode(s.answer)) + 1 for s in samples[:4000]]
    print(f"{len(tokenizer.pieces)} pieces, {sum(lengths) / len(lengths):.1f} tokens a sample, longest {max(lengths)}")
    for sample in samples[:400]:
        for message in sample.messages:
            assert tokenizer.encode(message["content"]) == tokenizer.encode_whole(message["content"])
            assert tokenizer.decode(tokenizer.encode(message["content"])) == message["content"]


if __name__ == "__main__":
    main()
