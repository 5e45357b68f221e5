package dev.pareto.policies.predict.live;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Predictors of any models for measurements elsewhere; the later a model stands, the oftener it errs. */
public final class Lessons {

    private static final Instant AT = Instant.parse("2026-11-01T00:00:00Z");
    private static final List<String> ASKED = List.of("where the parcel is", "to send it back before the birthday",
            "why the page says another price", "how to change the address of an order", "to cancel one of two orders");
    private static final int PROMPTS = 200;

    private Lessons() {}

    public static RoutePredictor predictor(String route, List<ModelId> models) {
        var random = new SplittableRandom(7);
        List<LabelledItem> items = new ArrayList<>();
        for (int i = 0; i < PROMPTS; i++) {
            String text = "Customer " + i + " wants to know " + ASKED.get(random.nextInt(ASKED.size())) + ", and says "
                    + random.nextInt(1_000) + " times please.";
            List<Label> labels = new ArrayList<>();
            for (int model = 0; model < models.size(); model++) {
                double success = random.nextDouble() < 0.95 - 0.04 * model ? 1 : 0;
                labels.add(new Label(route, "item-" + i, models.get(model), success, LabelSource.SHADOW, 1,
                        AT.plusSeconds(i)));
            }
            items.add(new LabelledItem("item-" + i, EncodedPrompt.of(text, null), labels));
        }
        return ((RouteTeacher.Taken) new RouteTeacher(1).teach(route, items, List.of(), null, AT)).predictor();
    }
}
