package dev.pareto.dashboards.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.dashboards.store.LabelRepository.Bounds;
import dev.pareto.dashboards.store.LabelRepository.Remembered;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.policies.predict.live.LabelledItem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every store keeps of labels alike. */
abstract class LabelContract {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final ModelId LOCAL = new ModelId("local", "support-desk");
    private static final ModelId CLOSED = new ModelId("openai", "gpt-4o");

    abstract Store store();

    private LabelRepository labels() {
        return new LabelRepository(store());
    }

    final void asked(String item, int second) {
        labels().remember(List.of(new Remembered("support", item, NOON.plusSeconds(second),
                EncodedPrompt.of("where is my zanzibar parcel " + item, "parcels"))));
    }

    private static Label label(String item, ModelId model, double success, LabelSource source) {
        return new Label("support", item, model, success, source, 1, NOON.plusSeconds(100));
    }

    @Test
    void aLabelFindsItsPromptAndTheNewestWordOfASourceCounts() {
        asked("r1", 0);
        asked("r2", 1);
        assertThat(labels().label(List.of(label("r1", LOCAL, 0, LabelSource.FEEDBACK),
                label("r1", CLOSED, 1, LabelSource.SHADOW), label("gone", LOCAL, 1, LabelSource.FEEDBACK))))
                .isEqualTo(2);
        assertThat(labels().label(List.of(label("r1", LOCAL, 0, LabelSource.FEEDBACK)))).isZero();
        assertThat(labels().label(List.of(label("r1", LOCAL, 1, LabelSource.FEEDBACK)))).isEqualTo(1);

        List<LabelledItem> items = labels().labelled("support", 10);
        assertThat(items).hasSize(1);
        assertThat(items.getFirst().labels()).containsExactlyInAnyOrder(label("r1", LOCAL, 1, LabelSource.FEEDBACK),
                label("r1", CLOSED, 1, LabelSource.SHADOW));
        assertThat(items.getFirst().prompt())
                .isEqualTo(EncodedPrompt.of("where is my zanzibar parcel r1", "parcels"));
        assertThat(labels().counts())
                .isEqualTo(Map.of("support", Map.of(LabelSource.FEEDBACK, 1, LabelSource.SHADOW, 1)));
        assertThat(labels().since("support", NOON)).isEqualTo(2);
        assertThat(labels().since("support", NOON.plusSeconds(100))).isZero();
        assertThat(labels().labelled("other", 10)).isEmpty();
    }

    @Test
    void whatIsTooOldOrTooMuchGoesWithItsLabels() {
        for (int i = 0; i < 10; i++) {
            asked("r" + i, i);
        }
        labels().label(List.of(label("r0", LOCAL, 1, LabelSource.EVAL), label("r1", LOCAL, 1, LabelSource.EVAL),
                label("r2", LOCAL, 1, LabelSource.EVAL)));

        assertThat(labels().sweep(new Bounds(NOON.plusSeconds(5), 3, NOON, 2))).isEqualTo(5);

        assertThat(labels().labelled("support", 10)).extracting(LabelledItem::item).containsExactly("r1", "r2");
        assertThat(labels().counts()).isEqualTo(Map.of("support", Map.of(LabelSource.EVAL, 2)));
        assertThat(labels().label(List.of(label("r6", LOCAL, 1, LabelSource.EVAL)))).isZero();
        assertThat(labels().label(List.of(label("r7", LOCAL, 1, LabelSource.EVAL)))).isEqualTo(1);
        assertThat(labels().sweep(new Bounds(NOON.plusSeconds(99), 9, NOON.plusSeconds(99), 9))).isEqualTo(5);
        assertThat(labels().routes()).isEmpty();
    }
}
