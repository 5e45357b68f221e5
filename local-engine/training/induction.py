"""Gives fresh weights a head start in copying: previous-token heads and induction heads, written down.

Transformers learn to copy by finding this very circuit, which takes them thousands of steps:

* block 0: three heads attend to the tokens 1, 2 and 3 back (by RoPE phase alone) and note what they were;
* block 1: two heads look for earlier places whose notes match the current token and its predecessors, and bring forth
  the token that stood there, half of its embedding each.

The residual stream is divided for it: dimension 0 is a constant, `TOKEN` directions hold the token's embedding, `NOTE`
directions each of the three notes, the rest is free. Training goes on from there and may change everything.
"""

import math

import torch
from torch import Tensor

from model import Block, Config, Llama, rope_tables

TOKEN = 80
NOTE = 25
LOOK_BACK = 3
SLOW = 0.004  # radians a position: a pair slower than this hardly turns within a ticket


@torch.no_grad()
def graft(model: Llama, note: float = 0.6, sharp: float = 12.0, match: float = 20.0, bring: float = 2.5, seed: int = 7) -> Llama:
    """Sizes of `note` and `bring` are relative to the token's own embedding; `sharp` and `match` are leads in attention logits."""
    c = model.config
    d, generator = c.head_width, torch.Generator().manual_seed(seed)
    assert c.heads == c.kv_heads and c.heads >= LOOK_BACK and TOKEN + LOOK_BACK * NOTE < c.width and TOKEN <= 2 * d
    basis = _basis(c)
    token = basis[:, :TOKEN]
    notes = [basis[:, TOKEN + k * NOTE : TOKEN + (k + 1) * NOTE] for k in range(LOOK_BACK)]
    shrink = torch.linalg.qr(torch.randn(TOKEN, NOTE, generator=generator))[0].t() * math.sqrt(TOKEN / NOTE)

    size = math.sqrt(c.width)
    embedding = torch.randn(c.vocabulary, TOKEN, generator=generator) @ token.t()
    embedding *= size / embedding.norm(dim=1, keepdim=True)
    embedding[:, 0] = 0.25 * size
    model.embedding.weight.copy_(embedding)

    first = model.blocks[0]
    constant = 0.25 * math.sqrt(c.width) / math.sqrt(1 + 0.25 ** 2)  # what dimension 0 is after the norm
    for head in range(LOOK_BACK):
        _look_back(first, c, head, head + 1, constant, sharp)
        rows = slice(head * d, (head + 1) * d)
        first.value.weight[rows] = 0
        first.value.weight[rows][:NOTE] = shrink @ token.t()
        first.attention_out.weight[:, rows] = 0
        first.attention_out.weight[:, rows][:, :NOTE] = note * notes[head]

    second = model.blocks[1]
    slow = _slow_dimensions(c)
    asked = [shrink @ token.t() * note, notes[0].t(), notes[1].t()]  # as loud as the notes, so that all three terms weigh alike
    volume = note * math.sqrt(c.width) / math.sqrt(1 + 0.25 ** 2 + LOOK_BACK * note ** 2)  # of one term after the norm
    # after the norm one term has the length `volume`, the query and the key each hold three
    gain = math.sqrt(match * math.sqrt(d) / LOOK_BACK) / volume
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
        second.attention_out.weight[:, rows][:, : TOKEN // 2] = bring * mine * math.sqrt(1 + 0.25 ** 2 + LOOK_BACK * note ** 2)
    return model


def spare_directions(config: Config, count: int) -> tuple[Tensor, Tensor]:
    """Twice so many directions of the residual stream that the circuit above leaves alone."""
    first = TOKEN + LOOK_BACK * NOTE
    assert first + 2 * count < config.width
    basis = _basis(config)
    return basis[:, first : first + count], basis[:, first + count : first + 2 * count]


def _basis(c: Config) -> Tensor:
    """Orthonormal columns; none of them touches dimension 0."""
    generator = torch.Generator().manual_seed(11)
    basis = torch.linalg.qr(torch.randn(c.width - 1, c.width - 1, generator=generator))[0]
    return torch.cat([torch.zeros(1, c.width - 1), basis])


def _slow_dimensions(c: Config) -> list[int]:
    turns = c.rope_base ** (-torch.arange(0, c.head_width, 2).float() / c.head_width)
    return [2 * int(i) + k for i in torch.nonzero(turns < SLOW)[:, 0] for k in range(2)]


def _look_back(block: Block, c: Config, head: int, distance: int, constant: float, lead: float) -> None:
    """Makes the head attend `distance` back: every key is the same vector, every query the same, turned by that distance."""
    d = c.head_width
    turns = c.rope_base ** (-torch.arange(0, d, 2).float() / d)
    fast = int((turns > 0.05).sum())
    gap = float((1 - torch.cos(turns[:fast])).sum())
    amplitude = math.sqrt(lead * math.sqrt(d) / gap) / constant
    rows = slice(head * d, (head + 1) * d)
    key, query = block.key.weight[rows], block.query.weight[rows]
    key.zero_(), query.zero_()
    key[0 : 2 * fast : 2, 0] = amplitude
    query[0 : 2 * fast : 2, 0] = amplitude * torch.cos(distance * turns[:fast])
    query[1 : 2 * fast : 2, 0] = -amplitude * torch.sin(distance * turns[:fast])
