package dev.pareto.policies.predict.live;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import java.time.Instant;
import java.util.List;

/** One prompt with all that is known of answers to it. */
public record LabelledItem(String item, EncodedPrompt prompt, List<Label> labels) {

    public LabelledItem {
        requireNonNull(item, "item is null");
        requireNonNull(prompt, "prompt is null");
        labels = List.copyOf(labels);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("item " + item + " has no label");
        }
    }

    /** The weighted mean of what the sources say of a model; NaN where none says anything. */
    double success(ModelId model) {
        double sum = 0;
        double weights = 0;
        for (Label label : labels) {
            if (label.model().equals(model)) {
                sum += label.weight() * label.success();
                weights += label.weight();
            }
        }
        return sum / weights;
    }

    boolean traffic() {
        return labels.stream().allMatch(label -> label.source().traffic());
    }

    /** When its first label came: whatever was taught later may have seen it. */
    Instant firstAt() {
        return labels.stream().map(Label::at).min(Instant::compareTo).orElseThrow();
    }
}
