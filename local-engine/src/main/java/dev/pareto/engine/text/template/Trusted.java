package dev.pareto.engine.text.template;

import static java.util.Objects.requireNonNull;

/**
 * A string among the data of a request that counts as the template's own, because it can only be one of a few harmless
 * words: the role of a message.
 */
public record Trusted(String value) {

    public Trusted {
        requireNonNull(value, "value is null");
    }
}
