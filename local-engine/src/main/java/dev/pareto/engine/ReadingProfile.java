package dev.pareto.engine;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.Metadata;
import dev.pareto.engine.model.ModelShape;
import dev.pareto.engine.model.ReadingShape;

/**
 * What a model can be read for, beside writing.
 *
 * @param writes whether it continues texts; an encoder does not
 * @param pooling how a text becomes a vector, in llama.cpp's words: {@code none}, {@code mean}, {@code cls}, {@code last}
 *            or, for a model that ranks, {@code rank}
 * @param dimensions of its vectors
 * @param shortened which shorter vectors it was trained for
 */
public record ReadingProfile(boolean writes, String pooling, int dimensions, Matryoshka shortened) {

    /** Whether it gives texts one vector each. */
    public boolean embeds() {
        return !pooling.equals("none") && !ranks();
    }

    /** Whether it ranks documents. */
    public boolean ranks() {
        return pooling.equals("rank");
    }

    static ReadingProfile of(Metadata metadata, ModelShape shape, ReadingShape reading) {
        return new ReadingProfile(!reading.encodes(), reading.pooling().id(), shape.embedding(),
                Matryoshka.of(metadata, shape.architecture()));
    }

    /**
     * Lengths to which vectors may be cut without losing their sense, as in matryoshka representation learning
     * (arXiv:2205.13147). GGUF has no key of its own for it: a file says so by {@code ARCHITECTURE.matryoshka_dimensions},
     * named after the field of Hugging Face's configurations, or by a tag such as {@code loss:MatryoshkaLoss}, which the
     * cards of models carry over.
     *
     * @param trained whether the model was trained for it
     * @param lengths the only ones allowed; null for all
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Matryoshka(boolean trained, int @Nullable [] lengths) {

        static Matryoshka of(Metadata metadata, String architecture) {
            int[] lengths = metadata.findInts(architecture + ".matryoshka_dimensions");
            var tags = metadata.findStrings("general.tags");
            return new Matryoshka(
                    lengths != null || (tags != null
                            && tags.stream().anyMatch(tag -> tag.toLowerCase(Locale.ROOT).contains("matryoshka"))),
                    lengths);
        }

        /** Whether vectors may be cut to so many dimensions. */
        public boolean allows(int dimensions) {
            if (lengths == null) {
                return trained;
            }
            for (int length : lengths) {
                if (length == dimensions) {
                    return true;
                }
            }
            return false;
        }
    }
}
