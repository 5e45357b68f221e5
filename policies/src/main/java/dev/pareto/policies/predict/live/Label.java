package dev.pareto.policies.predict.live;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.time.Instant;

/**
 * How well one model did on one prompt, as one source has it.
 *
 * @param item the request, or the case of a suite; labels of one item are of one prompt
 * @param success 0 (useless) to 1 (as wished)
 * @param weight against other labels of the same item and model, above 0
 * @param at when it was learnt
 */
public record Label(String route, String item, ModelId model, double success, LabelSource source, double weight,
        Instant at) {

    public Label {
        requireNonNull(route, "route is null");
        requireNonNull(item, "item is null");
        requireNonNull(model, "model is null");
        requireNonNull(source, "source is null");
        requireNonNull(at, "at is null");
        if (!(success >= 0 && success <= 1)) {
            throw new IllegalArgumentException("a success is in [0, 1], not " + success);
        }
        if (!(weight > 0 && weight <= 1000)) {
            throw new IllegalArgumentException("a weight is above 0 and at most 1000, not " + weight);
        }
    }
}
