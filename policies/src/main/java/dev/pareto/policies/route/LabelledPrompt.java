package dev.pareto.policies.route;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.predict.accuracy.Answer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with what is known of each model's answer to it.
 *
 * @param id names it in messages
 * @param prompt its text
 * @param segment its subject, task or route; null where unknown
 * @param models by name; a model that was not asked is absent
 */
public record LabelledPrompt(String id, String prompt, @Nullable String segment, Map<String, Label> models) {

    public LabelledPrompt {
        requireNonNull(id, "id is null");
        requireNonNull(prompt, "prompt is null");
        models = Map.copyOf(models);
    }

    /**
     * One model's answer.
     *
     * @param score as judged, on whatever scale the file uses; null where the answer was not judged
     * @param answer what it said; null where that is not known
     */
    public record Label(@Nullable Double score, @Nullable Answer answer) {}

    /** The model's score; null where it has none. */
    public @Nullable Double score(String model) {
        Label label = models.get(model);
        return label == null ? null : label.score();
    }

    /** The model's answer; null where it is not known. */
    public @Nullable Answer answer(String model) {
        Label label = models.get(model);
        return label == null ? null : label.answer();
    }
}
