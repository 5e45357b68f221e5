package dev.pareto.policies.catalog;

import java.util.Locale;

/** What a model can do beyond answering text with text. */
public enum Capability {
    CHAT, COMPLETION, EMBEDDING, TOOLS, STRUCTURED_OUTPUT, VISION, AUDIO, REASONING, LOG_PROBABILITIES;

    /** The name in configuration files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
