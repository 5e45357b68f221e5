"""The Llama architecture in PyTorch, small: RMSNorm, grouped-query attention, interleaved RoPE, SwiGLU, tied output."""

import math
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Config:
    vocabulary: int
    width: int = 224
    layers: int = 5
    heads: int = 4
    kv_heads: int = 4
    hidden: int = 512
    context: int = 512
    rope_base: float = 1_000_000.0
    norm_epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    def as_dict(self) -> dict:
        return asdict(self)


class RmsNorm(nn.Module):
    def __init__(self, width: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight


def rope_tables(config: Config) -> tuple[Tensor, Tensor]:
    """cos and sin of position * base^(-2i/d), each of shape (context, head_width / 2)."""
    half = torch.arange(0, config.head_width, 2).float() / config.head_width
    angles = torch.outer(torch.arange(config.context).float(), config.rope_base ** -half)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotates the pairs (2i, 2i+1); x is (batch, length, heads, head_width), cos and sin (..., length, head_width / 2)."""
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = cos.unsqueeze(-2), sin.unsqueeze(-2)
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class Block(nn.Module):
    def __init__(self, config: Config, precision: torch.dtype):
        super().__init__()
        self.config, self.precision = config, precision
        kv_width = config.kv_heads * config.head_width
        self.attention_norm = RmsNorm(config.width, config.norm_epsilon)
        self.query = nn.Linear(config.width, config.width, bias=False)
        self.key = nn.Linear(config.width, kv_width, bias=False)
        self.value = nn.Linear(config.width, kv_width, bias=False)
        self.attention_out = nn.Linear(config.width, config.width, bias=False)
        self.feed_norm = RmsNorm(config.width, config.norm_epsilon)
        self.gate = nn.Linear(config.width, config.hidden, bias=False)
        self.up = nn.Linear(config.width, config.hidden, bias=False)
        self.down = nn.Linear(config.hidden, config.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, keep: Tensor | None = None) -> Tensor:
        """With `keep` (batch, kept), only those positions are computed and returned: enough in the last block."""
        c, times = self.config, self._times
        batch, length, _ = x.shape
        normed = asked = self.attention_norm(x)
        asked_cos, asked_sin = cos, sin
        if keep is not None:
            rows = torch.arange(batch)[:, None]
            asked, x, asked_cos, asked_sin = normed[rows, keep], x[rows, keep], cos[keep], sin[keep]
            mask = mask[keep].unsqueeze(1)
        kept = asked.shape[1]
        q = rotate(times(asked, self.query.weight).view(batch, kept, c.heads, c.head_width), asked_cos, asked_sin).transpose(1, 2)
        k = rotate(times(normed, self.key.weight).view(batch, length, c.kv_heads, c.head_width), cos, sin).transpose(1, 2)
        v = times(normed, self.value.weight).view(batch, length, c.kv_heads, c.head_width).transpose(1, 2)
        group = c.heads // c.kv_heads
        k, v = k.repeat_interleave(group, dim=1), v.repeat_interleave(group, dim=1)
        scores = self._mix(q * (1 / math.sqrt(c.head_width)), k.transpose(2, 3)) + mask
        mixed = self._mix(scores.softmax(-1), v).transpose(1, 2).reshape(batch, kept, c.width)
        x = x + times(mixed, self.attention_out.weight)
        normed = self.feed_norm(x)
        fed = F.silu(times(normed, self.gate.weight)) * times(normed, self.up.weight)
        return x + times(fed, self.down.weight)

    def _times(self, x: Tensor, weight: Tensor) -> Tensor:
        return F.linear(x.to(self.precision), weight.to(self.precision)).float()

    def _mix(self, left: Tensor, right: Tensor) -> Tensor:
        return torch.matmul(left.to(self.precision), right.to(self.precision)).float()


class Llama(nn.Module):
    """Weights and sums are float32; `precision` is what the blocks multiply in. In training bfloat16 is twice as fast on
    CPUs that have the instruction."""

    def __init__(self, config: Config, precision: torch.dtype = torch.float32):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        self.blocks = nn.ModuleList(Block(config, precision) for _ in range(config.layers))
        self.output_norm = RmsNorm(config.width, config.norm_epsilon)
        cos, sin = rope_tables(config)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                scale = 0.5 / math.sqrt(2 * config.layers) if name.endswith(("attention_out.weight", "down.weight")) else 1.0
                nn.init.normal_(parameter, std=scale / math.sqrt(parameter.shape[1]))
        # a large embedding keeps a token's identity audible under what the blocks add; the output gain undoes the size
        nn.init.normal_(self.embedding.weight)
        nn.init.constant_(self.output_norm.weight, 1 / math.sqrt(config.width))

    def hidden(self, tokens: Tensor, keep: Tensor | None = None) -> Tensor:
        """The normed last state of every position (or of those in `keep`); tokens are (batch, length), padded right."""
        length = tokens.shape[1]
        mask = torch.full((length, length), float("-inf")).triu(1)
        x = self.embedding(tokens)
        for block in self.blocks:
            last = block is self.blocks[-1]
            x = block(x, self.cos[:length], self.sin[:length], mask, keep if last else None)
        return self.output_norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return hidden @ self.embedding.weight.t()

    @torch.no_grad()
    def greedy(self, prompt: list[int], end: int, limit: int = 96) -> list[int]:
        """The most likely continuation, without a cache: slow and plain, for checks."""
        tokens = list(prompt)
        while len(tokens) < len(prompt) + limit:
            best = int(self.logits(self.hidden(torch.tensor([tokens]))[0, -1]).argmax())
            if best == end:
                break
            tokens.append(best)
        return tokens[len(prompt):]
