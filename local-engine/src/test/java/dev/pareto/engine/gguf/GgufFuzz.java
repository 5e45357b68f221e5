package dev.pareto.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import dev.pareto.engine.fuzz.Watched;

/**
 * A model file of any bytes. The file is a segment of just its size, so that a read beyond its end is an exception; every
 * tensor that was let through is touched at both ends.
 */
public final class GgufFuzz {

    private static final long FLOOR_BYTES = 8 << 20;
    private static final int MOST_KEYS_ASKED = 16;

    private GgufFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Watched.run(input.length, FLOOR_BYTES, GgufException.class, () -> read(input));
    }

    private static void read(byte[] input) {
        var file = MemorySegment.ofArray(input);
        var parsed = GgufParser.parse(file);
        for (var tensor : parsed.tensors().values()) {
            var data = file.asSlice(tensor.offset(), tensor.bytes());
            data.get(ValueLayout.JAVA_BYTE, 0);
            data.get(ValueLayout.JAVA_BYTE, tensor.bytes() - 1);
        }
        parsed.metadata().keys().stream().limit(MOST_KEYS_ASKED).forEach(key -> ask(parsed.metadata(), key));
    }

    /** Whatever the value is, each question is answered or refused. */
    private static void ask(Metadata metadata, String key) {
        metadata.isArray(key);
        for (Consumer<String> question : List.<Consumer<String>>of(metadata::requireString, metadata::requireBool,
                metadata::requireInt, metadata::requireLong, metadata::requireFloat, metadata::requireFloats,
                metadata::requireInts, name -> decode(metadata.requireStrings(name)))) {
            try {
                question.accept(key);
            } catch (GgufException e) {
                // The value is of another type.
            }
        }
    }

    private static void decode(List<String> texts) {
        for (var text : texts) {
            Objects.requireNonNull(text);
        }
    }
}
