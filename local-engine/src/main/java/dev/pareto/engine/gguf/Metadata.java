package dev.pareto.engine.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The key-value pairs of a GGUF file, immutable and independent of the open file. {@code require…} throws a
 * {@link GgufException} where a key is missing; {@code find…} gives null or the given default there. Both throw where
 * the key is present with a type or a value that does not fit: a wrong value is never taken for a missing one.
 */
public final class Metadata {

    private final Map<String, Value> values;

    Metadata(Map<String, Value> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Every key, in the order of the file. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** Whether the key is present, whatever its type. */
    public boolean contains(String key) {
        return values.containsKey(key);
    }

    /** Whether the key is present and an array: some keys are either one number or one for each layer. */
    public boolean isArray(String key) {
        return switch (values.get(key)) {
            case null -> false;
            case Value.Texts _,Value.Numbers _,Value.Nested _ -> true;
            case Value.Whole _,Value.Real _,Value.Truth _,Value.Text _ -> false;
        };
    }

    /** The text, or null. */
    public @Nullable String findString(String key) {
        return find(key, Metadata::asString);
    }

    /** The text. */
    public String requireString(String key) {
        return require(key, "a STRING", Metadata::asString);
    }

    /** The texts as an immutable list that decodes on access, or null. */
    public @Nullable List<String> findStrings(String key) {
        return find(key, Metadata::asStrings);
    }

    /** The texts as an immutable list that decodes on access. */
    public List<String> requireStrings(String key) {
        return require(key, "an ARRAY of STRING", Metadata::asStrings);
    }

    /** The truth value, or the default. */
    public boolean findBool(String key, boolean otherwise) {
        Boolean found = find(key, Metadata::asBool);
        return found == null ? otherwise : found;
    }

    /** The truth value. */
    public boolean requireBool(String key) {
        return require(key, "a BOOL", Metadata::asBool);
    }

    /** The integer, of any width in the file, or the default. */
    public int findInt(String key, int otherwise) {
        Integer found = find(key, Metadata::asInt);
        return found == null ? otherwise : found;
    }

    /** The integer, of any width in the file. */
    public int requireInt(String key) {
        return require(key, "an integer", Metadata::asInt);
    }

    /** The integer, of any width in the file, or the default. */
    public long findLong(String key, long otherwise) {
        Long found = find(key, Metadata::asLong);
        return found == null ? otherwise : found;
    }

    /** The integer, of any width in the file. */
    public long requireLong(String key) {
        return require(key, "an integer", Metadata::asLong);
    }

    /** The number from FLOAT32 or FLOAT64, or the default. */
    public float findFloat(String key, float otherwise) {
        Float found = find(key, Metadata::asFloat);
        return found == null ? otherwise : found;
    }

    /** The number from FLOAT32 or FLOAT64. */
    public float requireFloat(String key) {
        return require(key, "a FLOAT32", Metadata::asFloat);
    }

    /** A fresh array of the numbers from FLOAT32, FLOAT64 or INT32, or null. */
    public float @Nullable [] findFloats(String key) {
        return find(key, Metadata::asFloats);
    }

    /** A fresh array of the numbers, likewise. */
    public float[] requireFloats(String key) {
        return require(key, "an ARRAY of FLOAT32", Metadata::asFloats);
    }

    /** A fresh array of the integers, of any width in the file (BOOL counts as 0 and 1), or null. */
    public int @Nullable [] findInts(String key) {
        return find(key, Metadata::asInts);
    }

    /** A fresh array of the integers, of any width in the file (BOOL counts as 0 and 1). */
    public int[] requireInts(String key) {
        return require(key, "an ARRAY of integers", Metadata::asInts);
    }

    /** What is stored under the key and where, for messages of callers that refuse a value. */
    public GgufException refuse(String key, String reason) {
        var value = values.get(key);
        return value == null
                ? new GgufException(-1, "metadata key " + key + " " + reason)
                : new GgufException(value.offset(), "metadata key " + key + " (" + value.describe() + ") " + reason);
    }

    private <T> @Nullable T find(String key, Function<Entry, T> as) {
        var value = values.get(key);
        return value == null ? null : as.apply(new Entry(key, value));
    }

    private <T> T require(String key, String wanted, Function<Entry, T> as) {
        var value = values.get(key);
        if (value == null) {
            throw new GgufException(-1, "metadata key " + key + " is missing; it should be " + wanted);
        }
        return as.apply(new Entry(key, value));
    }

    private static String asString(Entry entry) {
        if (entry.value instanceof Value.Text text) {
            return text.value();
        }
        throw entry.isNot("a STRING");
    }

    private static List<String> asStrings(Entry entry) {
        if (entry.value instanceof Value.Texts texts) {
            return texts.values();
        }
        throw entry.isNot("an ARRAY of STRING");
    }

    private static Boolean asBool(Entry entry) {
        if (entry.value instanceof Value.Truth truth) {
            return truth.value();
        }
        throw entry.isNot("a BOOL");
    }

    private static Long asLong(Entry entry) {
        if (!(entry.value instanceof Value.Whole whole)) {
            throw entry.isNot("an integer");
        }
        if (whole.type() == ValueType.UINT64 && whole.bits() < 0) {
            throw entry.isNot("an integer below 2^63");
        }
        return whole.bits();
    }

    private static Integer asInt(Entry entry) {
        long value = asLong(entry);
        if (value != (int) value) {
            throw entry.isNot("an integer of 32 bits");
        }
        return (int) value;
    }

    private static Float asFloat(Entry entry) {
        if (entry.value instanceof Value.Real real) {
            return (float) real.value();
        }
        throw entry.isNot("a FLOAT32");
    }

    private static float[] asFloats(Entry entry) {
        if (!(entry.value instanceof Value.Numbers numbers)
                || (numbers.type() != ValueType.FLOAT32 && numbers.type() != ValueType.FLOAT64
                        && numbers.type() != ValueType.INT32)) {
            throw entry.isNot("an ARRAY of FLOAT32");
        }
        var buffer = ByteBuffer.wrap(numbers.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        var out = new float[numbers.count()];
        for (int i = 0; i < out.length; i++) {
            out[i] = numbers.type() == ValueType.FLOAT32
                    ? buffer.getFloat()
                    : numbers.type() == ValueType.FLOAT64 ? (float) buffer.getDouble() : buffer.getInt();
        }
        return out;
    }

    private static int[] asInts(Entry entry) {
        if (!(entry.value instanceof Value.Numbers numbers)
                || !(numbers.type().isInteger() || numbers.type() == ValueType.BOOL)) {
            throw entry.isNot("an ARRAY of integers");
        }
        var buffer = ByteBuffer.wrap(numbers.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        var out = new int[numbers.count()];
        for (int i = 0; i < out.length; i++) {
            long element = switch (numbers.type()) {
                case UINT8 -> Byte.toUnsignedLong(buffer.get());
                case INT8, BOOL -> buffer.get();
                case UINT16 -> Short.toUnsignedLong(buffer.getShort());
                case INT16 -> buffer.getShort();
                case UINT32 -> Integer.toUnsignedLong(buffer.getInt());
                case INT32 -> buffer.getInt();
                case UINT64, INT64 -> buffer.getLong();
                case FLOAT32, FLOAT64, STRING, ARRAY -> throw new AssertionError(numbers.type());
            };
            if (element != (int) element || (numbers.type() == ValueType.UINT64 && element < 0)) {
                throw entry.isNot("an ARRAY of integers of 32 bits; element " + i + " is larger");
            }
            out[i] = (int) element;
        }
        return out;
    }

    private record Entry(String key, Value value) {

        GgufException isNot(String wanted) {
            return new GgufException(value.offset(),
                    "metadata key " + key + " should be " + wanted + ", found " + value.describe());
        }
    }
}
