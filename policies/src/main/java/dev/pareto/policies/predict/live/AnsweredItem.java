package dev.pareto.policies.predict.live;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;

/** How long a model's answer to a prompt was. */
public record AnsweredItem(EncodedPrompt prompt, ModelId model, int outputTokens) {

    public AnsweredItem {
        requireNonNull(prompt, "prompt is null");
        requireNonNull(model, "model is null");
    }
}
