"""Gives fresh weights a head start in copying: previous-token heads and an induction block, written down.

Transformers learn to copy by finding this very circuit, which takes them thousands of steps:

* block 0: the first kv group attends to the tokens 1, 2 and 3 back (by RoPE phase alone) and notes what they were;
* a new block 1: looks for earlier places whose notes match the current token and its predecessors, and brings forth the
  token that stood there.

Training goes on from there and may change everything.
"""

import math
from dataclasses import replace

import torch
from torch import Tensor

from model import Block, Config, Llama

LOOK_BACK = 3


@torch.no_grad()
def graft(model: Llama, note: float = 0.15, sharp: float = 9.0, match: float = 2.0, bring: float = 0.5, seed: int = 7) -> Llama:
    c = model.config
    assert c.heads // c.kv_heads == LOOK_BACK and c.width == 6 * c.head_width
    generator = torch.Generator().manual_seed(seed)
    basis = _basis(c, generator)
    d = c.head_width
    notes = [basis[:, k * d : (k + 1) * d] for k in range(3)]
    own = [basis[:, 96:128], basis[:, 128:160]]

    embedding = model.embedding.weight
    size = float(embedding.norm(dim=1).mean())
    embedding[:, 0] = 0.25 * size
    constant = 0.25 * math.sqrt(c.width)  # what dimension 0 is after the norm, about
    _note_previous(model.blocks[0], c, notes, own[0], constant, sharp, note * size)

    new = Block(c)
    for parameter in new.parameters():
        if parameter.dim() == 2:
            parameter.normal_(std=0.02, generator=generator)
    new.down.weight.zero_()
    scale = note * math.sqrt(c.width)  # of a note relative to the embedding it was made from
    slow = slice(16, d)  # the pairs that RoPE hardly turns within a ticket
    count = d - 16
    new.key.weight.zero_(), new.query.weight.zero_(), new.attention_out.weight.zero_()
    for group in range(c.kv_heads):
        mixes = [torch.linalg.qr(torch.randn(d, count, generator=generator))[0].t() for _ in range(3)]
        rows = new.key.weight[group * d : (group + 1) * d]
        rows[slow] = sum(mix @ note_basis.t() for mix, note_basis in zip(mixes, notes))
        new.value.weight[group * d : (group + 1) * d] = own[group].t()
        for head in range(3 * group, 3 * group + 3):
            weights = [1.0, 1.0, 1.0] if head % 3 < 2 else [1.0, 1.0, 0.0]
            asked = [scale * own[0].t(), notes[0].t(), notes[1].t()]
            new.query.weight[head * d : (head + 1) * d][slow] = match * sum(
                w * mix @ q for w, mix, q in zip(weights, mixes, asked))
            new.attention_out.weight[:, head * d : (head + 1) * d] = bring * size * own[group]
    model.blocks.insert(1, new)
    model.config = replace(c, layers=c.layers + 1)
    return model


def spare_directions(config: Config, seed: int = 7) -> tuple[Tensor, Tensor]:
    """Two times fifteen directions of the residual stream that the circuit above leaves alone."""
    basis = _basis(config, torch.Generator().manual_seed(seed))
    return basis[:, 160:175], basis[:, 175:190]


def _basis(config: Config, generator: torch.Generator) -> Tensor:
    """Orthonormal columns; dimension 0 is kept for the constant."""
    inner = torch.linalg.qr(torch.randn(config.width - 1, config.width - 1, generator=generator))[0]
    return torch.cat([torch.zeros(1, config.width - 1), inner])


def _note_previous(block: Block, c: Config, notes: list[Tensor], own: Tensor, constant: float, sharp: float, note: float) -> None:
    d = c.head_width
    fast = 6  # pairs that turn fast enough to tell neighbours apart
    angles = c.rope_base ** (-torch.arange(0, d, 2).float() / d)[:fast]
    gain = block.attention_norm.weight
    amplitude = math.sqrt(sharp * math.sqrt(d) / 0.684) / (constant * float(gain[0]))
    key = block.key.weight[:d]
    key.zero_()
    key[0 : 2 * fast : 2, 0] = amplitude
    block.value.weight[:d] = own.t() / gain
    for head in range(LOOK_BACK):
        query = block.query.weight[head * d : (head + 1) * d]
        query.zero_()
        query[0 : 2 * fast : 2, 0] = amplitude * torch.cos((head + 1) * angles)
        query[1 : 2 * fast : 2, 0] = -amplitude * torch.sin((head + 1) * angles)
        block.attention_out.weight[:, head * d : (head + 1) * d] = note * notes[head]

