package dev.pareto.engine.model.blueprint;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** How the states of a text's tokens become one vector, in the order of GGUF's numbers. */
public enum Pooling {
    /** They do not: each token keeps its own. */
    NONE,
    /** Their mean. */
    MEAN,
    /** The first token's, which encoders put in front of a text. */
    CLS,
    /** The last token's. */
    LAST,
    /** One token's state judged by a classifier: the first one's in an encoder, else the last one's. */
    RANK;

    /** The kind with this number in a file, or null. */
    static @Nullable Pooling of(int id) {
        return id >= 0 && id < values().length ? values()[id] : null;
    }

    /** As llama.cpp names it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
