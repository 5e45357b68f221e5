"""Muon for the matrices inside the blocks, AdamW for the embedding and the norms.

Muon takes each matrix's momentum and replaces it by the nearest orthogonal matrix (five Newton-Schulz steps), so that
rare directions learn as fast as common ones. Not compared with AdamW alone under control.
"""

import torch
from torch import Tensor

from model import Llama

_A, _B, _C = 3.4445, -4.7750, 2.0315


def orthogonal(matrix: Tensor, precision: torch.dtype = torch.float32) -> Tensor:
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if tall else matrix
    x = (x / (x.norm() + 1e-7)).to(precision)
    for _ in range(5):
        square = x @ x.t()
        x = _A * x + (_B * square + _C * square @ square) @ x
    return (x.t() if tall else x).float()


class Held:
    """Where written heads look stays as it is; what they carry may change. Muon moves also what no gradient asks to move, so that a head which is of
    no use yet would wear away."""

    def __init__(self, model: Llama, heads: list[tuple[int, int]], directions: Tensor):
        """`directions` are (width, n), orthonormal: the embeddings' part in them stays."""
        width = model.config.head_width
        self.slices: list[Tensor] = []
        for at, head in heads:
            block, rows = model.blocks[at], slice(head * width, (head + 1) * width)
            self.slices += [layer.weight.detach()[rows] for layer in (block.query, block.key)]
        self.values = [part.clone() for part in self.slices]
        self.embedding, self.directions = model.embedding.weight.detach(), directions
        self.parts = self.embedding @ directions

    def restore(self) -> None:
        for part, value in zip(self.slices, self.values):
            part.copy_(value)
        self.embedding.sub_((self.embedding @ self.directions - self.parts) @ self.directions.t())


class Share:
    """The parameters that one of `workers` updates; together the shares cover the model."""

    def __init__(self, model: Llama, rank: int, workers: int, peak: float, precision: torch.dtype = torch.float32):
        inner = [p for name, p in model.named_parameters() if p.dim() == 2 and not name.startswith("embedding")]
        self.matrices = inner[rank::workers]
        self.momenta = [torch.zeros_like(p) for p in self.matrices]
        self.precision = precision  # of the Newton-Schulz steps, which need little
        norms = [p for p in model.parameters() if p.dim() < 2]
        groups = [{"params": [model.embedding.weight], "factor": 4.0}, {"params": norms, "factor": 1.0}]
        self.adam = torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.98), weight_decay=0.0) if rank == 0 else None

    def update(self, rate: float) -> None:
        """`rate` is AdamW's learning rate; Muon's goes with it."""
        with torch.no_grad():
            for matrix, momentum in zip(self.matrices, self.momenta):
                momentum.mul_(0.95).add_(matrix.grad)
                direction = orthogonal(matrix.grad + 0.95 * momentum, self.precision)
                step = 6 * rate * max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5
                matrix.mul_(1 - 0.05 * rate).sub_(direction, alpha=step)
        if self.adam:
            for group in self.adam.param_groups:
                group["lr"] = group["factor"] * rate
            self.adam.step()
