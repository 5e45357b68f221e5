"""Reads and writes the little of GGUF (version 3) that the model needs: metadata, F32 and Q8_0 tensors."""

import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

ALIGNMENT = 32
F32, Q8_0 = 0, 8
BLOCK = 32  # weights that share one scale in Q8_0

_UINT32, _INT32, _FLOAT32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_FORMATS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", _UINT32: "<I", _INT32: "<i", _FLOAT32: "<f", _BOOL: "<?", 10: "<Q", 11: "<q", 12: "<d"}


def quantize(weights: np.ndarray) -> bytes:
    """Q8_0: per 32 weights one half-precision scale (largest magnitude / 127) and 32 signed bytes."""
    blocks = weights.astype(np.float32).reshape(-1, BLOCK)
    scale = np.abs(blocks).max(axis=1, keepdims=True) / 127
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=scale > 0)
    scaled = blocks * inverse
    rounded = np.trunc(scaled + np.copysign(0.5, scaled)).astype(np.int8)
    packed = np.empty(len(blocks), dtype=[("scale", "<f2"), ("weights", "i1", BLOCK)])
    packed["scale"] = scale[:, 0].astype(np.float16)
    packed["weights"] = rounded
    return packed.tobytes()


def dequantize(data: bytes, shape: tuple[int, ...]) -> np.ndarray:
    packed = np.frombuffer(data, dtype=[("scale", "<f2"), ("weights", "i1", BLOCK)])
    return (packed["scale"].astype(np.float32)[:, None] * packed["weights"].astype(np.float32)).reshape(shape)


def write(path: Path, metadata: dict[str, Any], tensors: dict[str, np.ndarray]) -> None:
    """Matrices go out as Q8_0, vectors as F32. An int is written as uint32, a list by its first element."""
    payloads = [quantize(t) if t.ndim == 2 else t.astype("<f4").tobytes() for t in tensors.values()]
    with open(path, "wb") as out:
        out.write(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)))
        for key, value in metadata.items():
            _write_string(out, key)
            _write_value(out, value)
        offset = 0
        for (name, tensor), payload in zip(tensors.items(), payloads):
            assert tensor.ndim == 1 or tensor.shape[1] % BLOCK == 0, name
            _write_string(out, name)
            out.write(struct.pack("<I", tensor.ndim))
            out.write(struct.pack(f"<{tensor.ndim}Q", *reversed(tensor.shape)))
            out.write(struct.pack("<IQ", Q8_0 if tensor.ndim == 2 else F32, offset))
            offset += _aligned(len(payload))
        out.write(b"\0" * (_aligned(out.tell()) - out.tell()))
        for payload in payloads:
            out.write(payload + b"\0" * (_aligned(len(payload)) - len(payload)))


def read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Metadata and dequantised tensors."""
    with open(path, "rb") as source:
        assert source.read(4) == b"GGUF"
        version, tensor_count, key_count = struct.unpack("<IQQ", source.read(20))
        assert version == 3
        metadata = {}
        for _ in range(key_count):
            key = _read_string(source)
            metadata[key] = _read_value(source, *struct.unpack("<I", source.read(4)))
        entries = []
        for _ in range(tensor_count):
            name = _read_string(source)
            (dimensions,) = struct.unpack("<I", source.read(4))
            shape = tuple(reversed(struct.unpack(f"<{dimensions}Q", source.read(8 * dimensions))))
            kind, offset = struct.unpack("<IQ", source.read(12))
            entries.append((name, shape, kind, offset))
        start = _aligned(source.tell())
        tensors = {}
        for name, shape, kind, offset in entries:
            source.seek(start + offset)
            count = int(np.prod(shape))
            if kind == Q8_0:
                tensors[name] = dequantize(source.read(count // BLOCK * (BLOCK + 2)), shape)
            else:
                assert kind == F32, kind
                tensors[name] = np.frombuffer(source.read(4 * count), dtype="<f4").reshape(shape)
        return metadata, tensors


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _write_string(out: BinaryIO, text: str) -> None:
    data = text.encode()
    out.write(struct.pack("<Q", len(data)) + data)


def _kind(value: Any) -> int:
    match value:
        case bool():
            return _BOOL
        case int():
            return _UINT32
        case float():
            return _FLOAT32
        case str():
            return _STRING
        case list():
            return _ARRAY
    raise TypeError(type(value))


def _write_value(out: BinaryIO, value: Any) -> None:
    out.write(struct.pack("<I", _kind(value)))
    if isinstance(value, list):
        # the only integer array is the token types, which llama.cpp wants signed
        element = _INT32 if isinstance(value[0], int) else _kind(value[0])
        out.write(struct.pack("<IQ", element, len(value)))
        for entry in value:
            _write_string(out, entry) if element == _STRING else out.write(struct.pack(_FORMATS[element], entry))
    elif isinstance(value, str):
        _write_string(out, value)
    else:
        out.write(struct.pack(_FORMATS[_kind(value)], value))


def _read_string(source: BinaryIO) -> str:
    (length,) = struct.unpack("<Q", source.read(8))
    return source.read(length).decode()


def _read_value(source: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _read_string(source)
    if kind == _ARRAY:
        element, count = struct.unpack("<IQ", source.read(12))
        return [_read_value(source, element) for _ in range(count)]
    return struct.unpack(_FORMATS[kind], source.read(struct.calcsize(_FORMATS[kind])))[0]
