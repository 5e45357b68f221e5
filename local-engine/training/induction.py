"""Gives fresh weights a head start in copying: five small circuits, written down.

Transformers learn to copy by finding such circuits, which takes them thousands of steps:

* block 0: three heads attend to the tokens 1, 2 and 3 back (by RoPE phase alone) and note what they were; the first of
  them also notes whether a word ended there;
* block 1: two heads look for earlier places whose notes match the current token and its predecessors, and bring forth
  the token that stood there, half of its embedding each;
* block 1: a third head attends to the nearest token at which a word began, so that the `@` in the middle of an address
  knows how the address begins;
* block 3: behind the word `email` a head looks for the `@` and brings forth the beginning of its word.

The residual stream is divided for it: dimension 0 is a constant, `TOKEN` directions hold the token's embedding, `NOTE`
directions each of the three notes, `START` the beginning of the word, one says that a word ends and one that a word
begins here; the rest is free. Training goes on from there and may change everything.
"""

import math

import torch
from torch import Tensor

from model import Block, Config, Llama
from tokenizer import CONTROL, SPACE, Tokenizer

TOKEN = 88
NOTE = 26
START = 25
LOOK_BACK = 3
RECALL = 3  # the block of the head that recalls an address
SLOW = 0.004  # radians a position: a pair slower than this hardly turns within a ticket
LOUD = 0.25  # of dimension 0 and of the mark that a word ends, relative to the token's embedding
SEPARATORS = set("\"'()[]{}<>:;#=,$€£\u2022*")
NEAR = 12  # tokens: how far back the nearest beginning of a word is well told from the one before it


@torch.no_grad()
def graft(model: Llama, tokenizer: Tokenizer, note: float = 0.6, sharp: float = 12.0, match: float = 20.0, bring: float = 2.5,
          seed: int = 7) -> Llama:
    """Sizes of `note` and `bring` are relative to the token's own embedding; `sharp` and `match` are leads in attention logits."""
    c = model.config
    d, generator = c.head_width, torch.Generator().manual_seed(seed)
    assert c.heads == c.kv_heads and c.heads >= LOOK_BACK and TOKEN + LOOK_BACK * NOTE + START + 2 < c.width and TOKEN <= 2 * d
    token, notes, start, ends, begins = _directions(c)
    shrink = torch.linalg.qr(torch.randn(TOKEN, NOTE, generator=generator))[0].t() * math.sqrt(TOKEN / NOTE)

    size = math.sqrt(c.width)
    embedding = torch.randn(c.vocabulary, TOKEN, generator=generator) @ token.t()
    embedding *= size / embedding.norm(dim=1, keepdim=True)
    embedding[:, 0] = LOUD * size
    embedding += LOUD * size * ends_word(tokenizer)[:, None] * ends
    model.embedding.weight.copy_(embedding)

    first = model.blocks[0]
    before = math.sqrt(1 + LOUD ** 2)  # the length of the state in front of the block, relative to the token's embedding
    for head in range(LOOK_BACK):
        _look_back(first, c, head, head + 1, LOUD * size / before, sharp)
        rows = slice(head * d, (head + 1) * d)
        first.value.weight[rows] = 0
        first.value.weight[rows][:NOTE] = shrink @ token.t()
        first.attention_out.weight[:, rows] = 0
        first.attention_out.weight[:, rows][:, :NOTE] = note * notes[head]
        if head == 0:
            first.value.weight[rows][NOTE] = ends
            first.attention_out.weight[:, rows][:, NOTE] = before * 2 * begins  # twice as loud as the constant

    second = model.blocks[1]
    between = math.sqrt(1 + LOUD ** 2 + LOOK_BACK * note ** 2)
    slow = _slow_dimensions(c)
    asked = [shrink @ token.t() * note, notes[0].t(), notes[1].t()]  # as loud as the notes, so that all three terms weigh alike
    # after the norm one term has the length `note * size / between`, the query and the key each hold three
    gain = math.sqrt(match * math.sqrt(d) / LOOK_BACK) * between / (note * size)
    for half in range(2):
        rows = slice(half * d, (half + 1) * d)
        mix = torch.randn(len(slow), LOOK_BACK * NOTE, generator=generator) / math.sqrt(len(slow))
        for weight, read in ((second.key.weight, [n.t() for n in notes]), (second.query.weight, asked)):
            weight[rows] = 0
            weight[torch.tensor(slow) + half * d] = gain * mix @ torch.cat(read)
        mine = token[:, half * TOKEN // 2 : (half + 1) * TOKEN // 2]
        second.value.weight[rows] = 0
        second.value.weight[rows][: TOKEN // 2] = mine.t()
        second.attention_out.weight[:, rows] = 0
        second.attention_out.weight[:, rows][:, : TOKEN // 2] = bring * mine * between
    small, shrink = shrink, torch.linalg.qr(torch.randn(TOKEN, START, generator=generator))[0].t() * math.sqrt(TOKEN / START)
    _find_start(second, c, 2, LOUD * size / between, begins)
    rows = slice(2 * d, 3 * d)
    second.value.weight[rows] = 0
    second.value.weight[rows][:START] = shrink @ token.t()
    second.attention_out.weight[:, rows] = 0
    second.attention_out.weight[:, rows][:, :START] = note * between * start
    # what else of the token is worth carrying is left to training, which needs a beginning other than zero
    second.value.weight[rows][START:] = torch.linalg.qr(torch.randn(TOKEN, d - START, generator=generator))[0].t() @ token.t()
    second.attention_out.weight[:, rows][:, START:] = 0.02 * torch.randn(c.width, d - START, generator=generator)
    _recall_address(model, tokenizer, notes[0] @ small @ token.t(), start, bring * token @ shrink.t(), generator)
    return model


def written(config: Config) -> list[tuple[int, int]]:
    """(block, head) of the heads that would wear away before the rest has learned to use them."""
    return [(0, head) for head in range(LOOK_BACK)] + [(1, 2), (RECALL, 3)]


def fixed_directions(config: Config) -> Tensor:
    """(width, 2): what the written heads find their places by; tokens must keep their part in it."""
    ends = _directions(config)[3]
    constant = torch.zeros_like(ends)
    constant[0] = 1
    return torch.stack([constant, ends], 1)


def ends_word(tokenizer: Tokenizer) -> Tensor:
    """(vocabulary): 1 where a word can begin after the piece, else 0."""
    def ends(piece: str, kind: int) -> bool:
        return kind == CONTROL or piece == "<0x0A>" or piece[-1] in SEPARATORS | {SPACE} and not piece.startswith("<0x")
    return torch.tensor([float(ends(piece, kind)) for piece, kind in zip(tokenizer.pieces, tokenizer.types)])


def spare_directions(config: Config, count: int) -> tuple[Tensor, Tensor]:
    """Twice so many directions of the residual stream that the circuits above leave alone."""
    first = TOKEN + LOOK_BACK * NOTE + START + 2
    assert first + 2 * count < config.width
    basis = _basis(config)
    return basis[:, first : first + count], basis[:, first + count : first + 2 * count]


def _directions(c: Config) -> tuple[Tensor, list[Tensor], Tensor, Tensor, Tensor]:
    """Of the token, its notes, the beginning of its word; the marks that a word ends here, and begins here."""
    token, *notes, start, ends, begins, _ = _basis(c).split(
        [TOKEN, *[NOTE] * LOOK_BACK, START, 1, 1, c.width - 3 - TOKEN - LOOK_BACK * NOTE - START], dim=1)
    return token, notes, start, ends[:, 0], begins[:, 0]


def _basis(c: Config) -> Tensor:
    """Orthonormal columns; none of them touches dimension 0."""
    generator = torch.Generator().manual_seed(11)
    basis = torch.linalg.qr(torch.randn(c.width - 1, c.width - 1, generator=generator))[0]
    return torch.cat([torch.zeros(1, c.width - 1), basis])


def _turns(c: Config) -> Tensor:
    """Radians a position, of each pair of a head's dimensions."""
    return c.rope_base ** (-torch.arange(0, c.head_width, 2).float() / c.head_width)


def _slow_dimensions(c: Config) -> list[int]:
    return [2 * int(i) + k for i in torch.nonzero(_turns(c) < SLOW)[:, 0] for k in range(2)]


def _look_back(block: Block, c: Config, head: int, distance: int, constant: float, lead: float) -> None:
    """Makes the head attend `distance` back: every key is the same vector, every query the same, turned by that distance."""
    turns = _turns(c)
    fast = turns > 0.05
    height = lead / float((1 - torch.cos(turns[fast])).sum())
    _prefer(block, c, head, height * torch.polar(fast.float(), distance * turns), constant)


def _find_start(block: Block, c: Config, head: int, constant: float, begins: Tensor, lead: float = 3.0) -> None:
    """Makes the head attend to the nearest token marked `begins`, which is worth `lead` more than one a token further."""
    turns = _turns(c)
    distances = torch.arange(float(c.context))[:, None]
    curve = lead * NEAR * torch.exp(-distances / NEAR) - 0.02 * distances
    waves = torch.polar(torch.ones(1), distances * turns[turns > 0.005])
    waves = torch.cat([waves.real, waves.imag], 1)
    weighed = torch.exp(-distances / (4 * NEAR)) + 0.1  # how much it matters to meet the curve there
    fit = torch.linalg.solve(waves.t() @ (weighed * waves) + 0.02 * torch.eye(waves.shape[1]), waves.t() @ (weighed * curve))
    heights = torch.zeros_like(turns, dtype=torch.cfloat)
    heights[turns > 0.005] = torch.complex(*fit[:, 0].chunk(2))
    _prefer(block, c, head, heights, constant)
    # a beginning anywhere beats everything else; the mark is twice as loud as the constant
    wanted = math.sqrt(1.2 * lead * NEAR * math.sqrt(c.head_width) / 2) / constant
    slow = (head + 1) * c.head_width - 2
    block.key.weight[slow] = wanted * begins
    block.query.weight[slow, 0] = wanted


def _recall_address(model: Llama, tokenizer: Tokenizer, noted: Tensor, start: Tensor, back: Tensor, generator: torch.Generator,
                    lead: float = 14.0) -> None:
    """`noted` makes of a token the note of it one place further, `back` makes of the beginning of a word the token it was."""
    c, d, head = model.config, model.config.head_width, 3
    block, rows = model.blocks[RECALL], slice(head * d, (head + 1) * d)
    email, at = (model.embedding.weight[tokenizer.ids[piece]] for piece in ("email", "@"))
    block.query.weight[rows] = 0
    block.key.weight[rows] = 0
    slow = _slow_dimensions(c)[-8:]
    asked, found = noted @ email, at - at[0] * torch.eye(c.width)[0]
    direction = torch.randn(len(slow), 1, generator=generator)
    direction *= math.sqrt(lead * math.sqrt(d)) / direction.norm()
    # each term is about half of the state here
    block.query.weight[torch.tensor(slow) + head * d] = 2 * direction * asked / asked.norm() / math.sqrt(c.width)
    block.key.weight[torch.tensor(slow) + head * d] = 2 * direction * found / found.norm() / math.sqrt(c.width)
    block.value.weight[rows][:START] = start.t()  # the rest as it was, at random
    block.attention_out.weight[:, rows][:, :START] = back


def _prefer(block: Block, c: Config, head: int, heights: Tensor, constant: float) -> None:
    """The attention logit at distance x becomes the sum over pairs of Re(height) cos(turn x) + Im(height) sin(turn x)."""
    rows = slice(head * c.head_width, (head + 1) * c.head_width)
    key, query = block.key.weight[rows], block.query.weight[rows]
    key.zero_(), query.zero_()
    loudest = float(heights.abs().max()) * math.sqrt(c.head_width)
    key[0::2, 0] = math.sqrt(loudest) / constant * (heights != 0)
    query[0::2, 0] = heights.real * math.sqrt(c.head_width / loudest) / constant
    query[1::2, 0] = -heights.imag * math.sqrt(c.head_width / loudest) / constant
