"""Turns a checkpoint into the GGUF file that ships in the engine.

    python3 export.py /tmp/support-desk/checkpoint.pt
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
import torch

import gguf
from model import Config, Llama
from tokenizer import BOS, CHAT_TEMPLATE, END, UNKNOWN, Tokenizer

MODEL = Path(__file__).parents[1] / "src/main/resources/dev/pareto/engine/models/support-desk.gguf"

BLOCK_NAMES = {
    "attention_norm": "attn_norm", "query": "attn_q", "key": "attn_k", "value": "attn_v", "attention_out": "attn_output",
    "feed_norm": "ffn_norm", "gate": "ffn_gate", "up": "ffn_up", "down": "ffn_down",
}


def gguf_name(name: str) -> str:
    """`blocks.2.query.weight` -> `blk.2.attn_q.weight`."""
    match name.split("."):
        case ["blocks", index, part, "weight"]:
            return f"blk.{index}.{BLOCK_NAMES[part]}.weight"
        case ["embedding", "weight"]:
            return "token_embd.weight"
        case ["output_norm", "weight"]:
            return "output_norm.weight"
    raise KeyError(name)


def metadata(config: Config, tokenizer: Tokenizer) -> dict:
    return {
        "general.architecture": "llama",
        "general.name": "Pareto Support Desk",
        "general.description": "Triages a support ticket, extracts its facts as JSON and tells its sentiment, in English and "
                               "Portuguese. Poor at everything else.",
        "general.license": "apache-2.0",
        "general.languages": ["en", "pt"],
        "general.file_type": 7,
        "general.quantization_version": 2,
        "llama.context_length": config.context,
        "llama.embedding_length": config.width,
        "llama.block_count": config.layers,
        "llama.feed_forward_length": config.hidden,
        "llama.attention.head_count": config.heads,
        "llama.attention.head_count_kv": config.kv_heads,
        "llama.attention.layer_norm_rms_epsilon": config.norm_epsilon,
        "llama.rope.dimension_count": config.head_width,
        "llama.rope.freq_base": config.rope_base,
        "llama.vocab_size": config.vocabulary,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.tokens": tokenizer.pieces,
        "tokenizer.ggml.scores": tokenizer.scores,
        "tokenizer.ggml.token_type": tokenizer.types,
        "tokenizer.ggml.bos_token_id": tokenizer.ids[BOS],
        "tokenizer.ggml.eos_token_id": tokenizer.ids[END],
        "tokenizer.ggml.eot_token_id": tokenizer.ids[END],
        "tokenizer.ggml.unknown_token_id": tokenizer.ids[UNKNOWN],
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.ggml.add_eos_token": False,
        "tokenizer.ggml.add_space_prefix": False,
        "tokenizer.chat_template": CHAT_TEMPLATE,
    }


def export(checkpoint: Path, path: Path = MODEL) -> None:
    state = torch.load(checkpoint)
    tensors: dict[str, np.ndarray] = {gguf_name(name): tensor.numpy() for name, tensor in state["model"].items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    gguf.write(path, metadata(Config(**state["config"]), Tokenizer.load()), tensors)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(path.name + ".sha256").write_text(f"{checksum}  {path.name}\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size:,} bytes, {sum(t.size for t in tensors.values()):,} parameters")


def load(path: Path = MODEL) -> tuple[Llama, Tokenizer]:
    """The model as it is in the file: weights after quantisation, tokenizer from the metadata."""
    keys, tensors = gguf.read(path)
    tokenizer = Tokenizer(keys["tokenizer.ggml.tokens"], keys["tokenizer.ggml.scores"], keys["tokenizer.ggml.token_type"])
    config = Config(
        vocabulary=keys["llama.vocab_size"], width=keys["llama.embedding_length"], layers=keys["llama.block_count"],
        heads=keys["llama.attention.head_count"], kv_heads=keys["llama.attention.head_count_kv"],
        hidden=keys["llama.feed_forward_length"], context=keys["llama.context_length"],
        rope_base=keys["llama.rope.freq_base"], norm_epsilon=keys["llama.attention.layer_norm_rms_epsilon"])
    model = Llama(config)
    model.load_state_dict({name: torch.from_numpy(tensors[gguf_name(name)].copy()) for name in model.state_dict()})
    return model.eval(), tokenizer


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else MODEL)
