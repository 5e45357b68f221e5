package dev.pareto.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads header, metadata and tensor descriptions, once, front to back. Source: the GGUF specification in the ggml
 * repository (docs/gguf.md), versions 2 and 3.
 */
final class GgufParser {

    private static final int MAGIC = 0x46554747; // "GGUF" in little-endian order
    private static final String ALIGNMENT_KEY = "general.alignment";
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final int MOST_ALIGNMENT = 1 << 16;

    /** Each entry costs some 150 bytes of heap however small it is in the file; real files have dozens. */
    private static final int MOST_KEYS = 1 << 16;
    /** Real files have a few thousand at most. */
    private static final int MOST_TENSORS = 1 << 17;
    /** The specification's limit for keys. */
    private static final int MOST_KEY_BYTES = (1 << 16) - 1;
    /** The specification says 64; some writers pass it a little. */
    private static final int MOST_TENSOR_NAME_BYTES = 256;
    /** The longest real texts are chat templates of some 20 kB. */
    private static final int MOST_TEXT_BYTES = 1 << 24;
    private static final int MOST_ARRAY_BYTES = 1 << 30;
    private static final int MOST_ARRAY_DEPTH = 4;
    private static final int MOST_DIMENSIONS = 4;

    private static final int LEAST_KEY_BYTES = 8 + 1 + 4 + 1;
    private static final int LEAST_TENSOR_BYTES = 8 + 1 + 4 + 8 + 4 + 8;

    private final GgufCursor cursor;
    private final long fileBytes;

    private GgufParser(MemorySegment file) {
        this.cursor = new GgufCursor(file);
        this.fileBytes = file.byteSize();
    }

    /** Everything in front of the weights. */
    record Parsed(int version, Metadata metadata, Map<String, TensorInfo> tensors) {}

    static Parsed parse(MemorySegment file) {
        return new GgufParser(file).parse();
    }

    private Parsed parse() {
        int magic = cursor.int32("the magic number");
        if (magic != MAGIC) {
            throw new GgufException(0,
                    "magic number 0x%08X is not that of a GGUF file, 0x%08X".formatted(magic, MAGIC));
        }
        int version = cursor.int32("the version");
        if (version != 2 && version != 3) {
            int swapped = Integer.reverseBytes(version);
            throw new GgufException(4, swapped == 2 || swapped == 3
                    ? "the file is big-endian; only little-endian files are read"
                    : "version " + Integer.toUnsignedString(version) + "; only versions 2 and 3 are read");
        }
        int tensorCount = most(cursor.count(LEAST_TENSOR_BYTES, "tensors"), MOST_TENSORS, "tensors");
        int keyCount = most(cursor.count(LEAST_KEY_BYTES, "metadata keys"), MOST_KEYS, "metadata keys");
        var metadata = new Metadata(readMetadata(keyCount));
        return new Parsed(version, metadata, readTensors(tensorCount, alignment(metadata)));
    }

    private int most(long count, int most, String what) {
        if (count > most) {
            throw new GgufException(cursor.position() - Long.BYTES,
                    count + " " + what + "; at most " + most + " are read");
        }
        return Math.toIntExact(count);
    }

    private Map<String, Value> readMetadata(int count) {
        var values = new LinkedHashMap<String, Value>();
        for (int i = 0; i < count; i++) {
            long at = cursor.position();
            String key = cursor.name(MOST_KEY_BYTES, "metadata key " + i);
            if (values.put(key, readValue("the value of " + key)) != null) {
                throw new GgufException(at, "metadata key " + key + " occurs twice");
            }
        }
        return values;
    }

    private ValueType readType(String what) {
        long at = cursor.position();
        int id = cursor.int32("the type of " + what);
        var type = ValueType.find(id);
        if (type == null) {
            throw new GgufException(at, what + " has unknown type " + Integer.toUnsignedString(id));
        }
        return type;
    }

    private Value readValue(String what) {
        var type = readType(what);
        long at = cursor.position();
        return switch (type) {
            case UINT8 -> new Value.Whole(at, type, Byte.toUnsignedLong(cursor.int8(what)));
            case INT8 -> new Value.Whole(at, type, cursor.int8(what));
            case UINT16 -> new Value.Whole(at, type, Short.toUnsignedLong(cursor.int16(what)));
            case INT16 -> new Value.Whole(at, type, cursor.int16(what));
            case UINT32 -> new Value.Whole(at, type, Integer.toUnsignedLong(cursor.int32(what)));
            case INT32 -> new Value.Whole(at, type, cursor.int32(what));
            case UINT64, INT64 -> new Value.Whole(at, type, cursor.int64(what));
            case FLOAT32 -> new Value.Real(at, type, Float.intBitsToFloat(cursor.int32(what)));
            case FLOAT64 -> new Value.Real(at, type, Double.longBitsToDouble(cursor.int64(what)));
            case BOOL -> new Value.Truth(at, truth(at, cursor.int8(what), what));
            case STRING -> new Value.Text(at, cursor.text(MOST_TEXT_BYTES, what));
            case ARRAY -> readArray(what, 1);
        };
    }

    private static boolean truth(long at, byte value, String what) {
        if (value != 0 && value != 1) {
            throw new GgufException(at, what + " is a BOOL with the value " + value + "; 0 and 1 are allowed");
        }
        return value == 1;
    }

    private Value readArray(String what, int depth) {
        long at = cursor.position();
        if (depth > MOST_ARRAY_DEPTH) {
            throw new GgufException(at, what + " nests arrays deeper than " + MOST_ARRAY_DEPTH);
        }
        var type = readType("the elements of " + what);
        long countAt = cursor.position();
        long count = cursor.count(type.leastBytes(), "elements of " + what);
        if (count > MOST_ARRAY_BYTES / type.leastBytes()) {
            throw new GgufException(countAt, what + " has " + count + " elements; at most "
                    + MOST_ARRAY_BYTES / type.leastBytes() + " are read");
        }
        int elements = Math.toIntExact(count);
        return switch (type) {
            case STRING -> new Value.Texts(at, readStrings(elements, what));
            case ARRAY -> {
                for (int i = 0; i < elements; i++) {
                    readArray(what, depth + 1);
                }
                yield new Value.Nested(at, count);
            }
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, FLOAT32, UINT64, INT64, FLOAT64, BOOL -> {
                int bytes = elements * type.leastBytes();
                long from = cursor.take(bytes, what);
                var numbers = new Value.Numbers(at, type, elements, cursor.bytes(from, bytes));
                if (type == ValueType.BOOL) {
                    for (int i = 0; i < elements; i++) {
                        truth(from + i, numbers.bytes()[i], what);
                    }
                }
                yield numbers;
            }
        };
    }

    /** Walks once to check and measure, and once more to copy, so that the heap never holds more than is kept. */
    private List<String> readStrings(int count, String what) {
        long start = cursor.position();
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += cursor.skipString(what);
        }
        if (total > MOST_ARRAY_BYTES) {
            throw new GgufException(start,
                    what + " has " + total + " bytes; at most " + MOST_ARRAY_BYTES + " are read");
        }
        cursor.seek(start);
        var utf8 = new byte[Math.toIntExact(total)];
        var ends = new int[count];
        int end = 0;
        for (int i = 0; i < count; i++) {
            int length = Math.toIntExact(cursor.skipString(what));
            cursor.copy(cursor.position() - length, utf8, end, length);
            end += length;
            ends[i] = end;
        }
        return new PackedStrings(utf8, ends);
    }

    private static int alignment(Metadata metadata) {
        int alignment = metadata.findInt(ALIGNMENT_KEY, DEFAULT_ALIGNMENT);
        if (alignment < Long.BYTES || alignment > MOST_ALIGNMENT || Integer.bitCount(alignment) != 1) {
            throw metadata.refuse(ALIGNMENT_KEY,
                    "should be a power of two from " + Long.BYTES + " to " + MOST_ALIGNMENT);
        }
        return alignment;
    }

    /** A description as it stands in the file: the offset counts from the start of the weights. */
    private record Raw(long at, long offsetAt, String name, List<Long> shape, WeightType type, long offset,
            long bytes) {}

    private Map<String, TensorInfo> readTensors(int count, int alignment) {
        var raws = new LinkedHashMap<String, Raw>();
        for (int i = 0; i < count; i++) {
            var raw = readTensor(i, alignment);
            if (raws.put(raw.name, raw) != null) {
                throw new GgufException(raw.at, "tensor " + raw.name + " occurs twice");
            }
        }
        long start = Math.ceilDiv(cursor.position(), (long) alignment) * alignment;
        var tensors = new LinkedHashMap<String, TensorInfo>();
        for (var raw : raws.values()) {
            // Both comparisons subtract from what the file has, so neither can overflow.
            if (start > fileBytes || raw.offset > fileBytes - start || raw.bytes > fileBytes - start - raw.offset) {
                throw new GgufException(raw.offsetAt, "tensor " + raw.name + " of " + raw.bytes + " bytes at "
                        + raw.offset + " after byte " + start + " lies outside the file of " + fileBytes + " bytes");
            }
            tensors.put(raw.name, new TensorInfo(raw.name, raw.shape, raw.type, start + raw.offset, raw.bytes));
        }
        refuseOverlap(raws);
        return tensors;
    }

    private static void refuseOverlap(Map<String, Raw> raws) {
        var sorted = new ArrayList<>(raws.values());
        sorted.sort(Comparator.comparingLong(Raw::offset));
        for (int i = 1; i < sorted.size(); i++) {
            var before = sorted.get(i - 1);
            var after = sorted.get(i);
            if (after.offset - before.offset < before.bytes) {
                throw new GgufException(after.offsetAt, "tensors " + before.name + " and " + after.name + " overlap");
            }
        }
    }

    private Raw readTensor(int index, int alignment) {
        long at = cursor.position();
        String name = cursor.name(MOST_TENSOR_NAME_BYTES, "the name of tensor " + index);
        long shapeAt = cursor.position();
        int dimensions = cursor.int32("the dimensions of tensor " + name);
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw new GgufException(shapeAt, "tensor " + name + " has " + Integer.toUnsignedString(dimensions)
                    + " dimensions; 1 to " + MOST_DIMENSIONS + " are allowed");
        }
        var shape = new ArrayList<Long>(dimensions);
        for (int i = 0; i < dimensions; i++) {
            long lengthAt = cursor.position();
            long length = cursor.int64("the shape of tensor " + name);
            if (length < 1) {
                throw new GgufException(lengthAt, "dimension " + i + " of tensor " + name + " is "
                        + Long.toUnsignedString(length) + "; 1 to 2^63-1 are allowed");
            }
            shape.add(length);
        }
        long typeAt = cursor.position();
        int typeId = cursor.int32("the type of tensor " + name);
        var type = WeightType.find(typeId);
        if (type == null) {
            throw new GgufException(typeAt, "tensor " + name + " has unknown weight type "
                    + Integer.toUnsignedString(typeId));
        }
        long bytes = bytes(shapeAt, name, shape, type);
        long offsetAt = cursor.position();
        long offset = cursor.int64("the offset of tensor " + name);
        if (offset < 0 || offset % alignment != 0) {
            throw new GgufException(offsetAt, "offset " + Long.toUnsignedString(offset) + " of tensor " + name
                    + " is no multiple of the alignment " + alignment);
        }
        return new Raw(at, offsetAt, name, shape, type, offset, bytes);
    }

    private static long bytes(long shapeAt, String name, List<Long> shape, WeightType type) {
        if (shape.getFirst() % type.blockElements() != 0) {
            throw new GgufException(shapeAt, "rows of " + shape.getFirst() + " elements of tensor " + name
                    + " are no whole number of " + type + " blocks of " + type.blockElements());
        }
        try {
            return type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
        } catch (ArithmeticException e) {
            throw new GgufException(shapeAt, "the size of tensor " + name + " " + shape + " is beyond 2^63 bytes");
        }
    }
}
