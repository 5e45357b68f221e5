package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.tensor.ComputePool;

/** The bytes of a model's file, to be made wrong and then used. */
record HostileFile(Path folder, byte[] right) {

    /** Loads bytes as a model and has it compute two tokens, or as many as it can. */
    static void use(Path folder, byte[] bytes) throws Exception {
        var path = Files.write(folder.resolve("model.gguf"), bytes);
        try (var file = GgufFile.open(path);
                var pool = new ComputePool(1);
                var decoder = Decoder.load(file, pool, Kernels.scalar())) {
            int count = Math.min(2, Math.min(decoder.shape().contextLength(), decoder.shape().vocabulary()));
            int[] tokens = IntStream.range(0, count).toArray();
            try (var cache = decoder.newCache(count)) {
                if (decoder.reading().encodes()) {
                    assertThat(decoder.states(List.of(Slice.of(cache, LogitsWanted.ALL, tokens))).length)
                            .isEqualTo(count);
                } else {
                    var logits = decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, tokens)));
                    assertThat(logits.rows()).isEqualTo(1);
                }
            }
        }
    }

    /** Writes another number in the place of a key's four bytes, and asserts that the file is refused for this reason. */
    void assertRefused(String key, int value, String reason) {
        var bytes = right.clone();
        int at = valueOf(key);
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> (8 * i));
        }
        assertThat(catchThrowable(() -> use(folder, bytes))).isInstanceOf(GgufException.class)
                .hasMessageContaining(reason);
    }

    /** Changes a few bytes in front of a place, again and again, and asserts that the file is refused or computed. */
    void assertFlipsDoNoHarm(SplittableRandom random, int before, int rounds) {
        for (int round = 0; round < rounds; round++) {
            var bytes = right.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(before)] = (byte) random.nextInt(256);
            }
            var thrown = catchThrowable(() -> use(folder, bytes));
            if (thrown != null) {
                assertThat(thrown).as("round %d", round).isInstanceOf(GgufException.class);
            }
        }
    }

    /** Where a key's value is: after the key and its type. */
    int valueOf(String key) {
        return find(key) + key.length() + 4;
    }

    /** Where a text stands first. */
    int find(String text) {
        int at = new String(right, StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(at).as(text).isPositive();
        return at;
    }
}
