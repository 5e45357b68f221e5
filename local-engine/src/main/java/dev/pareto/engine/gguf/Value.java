package dev.pareto.engine.gguf;

import java.util.List;

/** A metadata value with the byte where it starts. Arrays stay as narrow as in the file. */
sealed interface Value {

    long offset();

    /** What it is, for messages. */
    String describe();

    /** An integer; an unsigned 64-bit one above {@link Long#MAX_VALUE} is refused when it is asked for. */
    record Whole(long offset, ValueType type, long bits) implements Value {
        @Override
        public String describe() {
            return type + " " + (type == ValueType.UINT64 ? Long.toUnsignedString(bits) : Long.toString(bits));
        }
    }

    /** A FLOAT32 or FLOAT64. */
    record Real(long offset, ValueType type, double value) implements Value {
        @Override
        public String describe() {
            return type + " " + value;
        }
    }

    /** A BOOL. */
    record Truth(long offset, boolean value) implements Value {
        @Override
        public String describe() {
            return "BOOL " + value;
        }
    }

    /** A STRING. */
    record Text(long offset, String value) implements Value {
        @Override
        public String describe() {
            return "STRING of " + value.length() + " characters";
        }
    }

    /** An array of STRING. */
    record Texts(long offset, List<String> values) implements Value {
        @Override
        public String describe() {
            return "ARRAY of " + values.size() + " STRING";
        }
    }

    /** An array of numbers or BOOL, as the little-endian bytes of the file. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
    record Numbers(long offset, ValueType type, int count, byte[] bytes) implements Value {
        @Override
        public String describe() {
            return "ARRAY of " + count + " " + type;
        }
    }

    /** An array of arrays: checked, not kept, since no key of any model uses one. */
    record Nested(long offset, long count) implements Value {
        @Override
        public String describe() {
            return "ARRAY of " + count + " ARRAY";
        }
    }
}
