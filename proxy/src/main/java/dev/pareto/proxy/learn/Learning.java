package dev.pareto.proxy.learn;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.pareto.dashboards.store.LabelRepository;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.policies.predict.live.Measures;
import dev.pareto.policies.predict.live.RoutePredictor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background of learning: every minute it takes labels of eval runs, teaches what is due and tells the meters; every hour it deletes what
 * is too old. Runs on one thread, which it owns.
 */
public final class Learning implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Learning.class);

    private final Training training;
    private final LabelRepository store;
    private final EvalLabels evals;
    private final ScheduledExecutorService timer;
    private final InstantSource clock;
    private final MultiGauge labels;
    private final MultiGauge versions;
    private final MultiGauge calibration;
    private final MultiGauge errors;

    Learning(Training training, LabelRepository store, LabelDesk desk, EvalLabels evals,
            ScheduledExecutorService timer, InstantSource clock, MeterRegistry registry) {
        this.training = training;
        this.store = store;
        this.evals = evals;
        this.timer = timer;
        this.clock = clock;
        labels = gauge("pareto.predictor.labels", "Labels on file", registry);
        versions = gauge("pareto.predictor.age.seconds", "How long ago the version in force was trained", registry);
        calibration = gauge("pareto.predictor.ece", "Expected calibration error, on labels not learned from", registry);
        errors = gauge("pareto.predictor.brier", "Mean squared error of the probability, on labels not learned from",
                registry);
        var _ = timer.scheduleWithFixedDelay(() -> guarded(this::look), 5, 60, TimeUnit.SECONDS);
        var _ = timer.scheduleWithFixedDelay(() -> guarded(desk::sweep), 10, 3_600, TimeUnit.SECONDS);
    }

    private static MultiGauge gauge(String name, String description, MeterRegistry registry) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException failure) {
            LOG.error("learning failed and goes on in a while", failure);
        }
    }

    private void look() {
        evals.take();
        training.look();
        tell();
    }

    private void tell() {
        List<MultiGauge.Row<?>> counts = new ArrayList<>();
        store.counts()
                .forEach((route, sources) -> sources.forEach((source, count) -> counts.add(
                        MultiGauge.Row.of(Tags.of("route", route, "source", source.name()), count))));
        labels.register(counts, true);
        List<MultiGauge.Row<?>> ages = new ArrayList<>();
        List<MultiGauge.Row<?>> eces = new ArrayList<>();
        List<MultiGauge.Row<?>> briers = new ArrayList<>();
        Instant now = clock.instant();
        for (RoutePredictor predictor : training.board().all()) {
            ages.add(MultiGauge.Row.of(Tags.of("route", predictor.route(), "version", predictor.version()),
                    now.getEpochSecond() - predictor.trainedAt().getEpochSecond()));
            for (Measures one : predictor.measures()) {
                Tags tags = Tags.of("route", predictor.route(), "model", one.model().toString());
                eces.add(MultiGauge.Row.of(tags, one.ece()));
                briers.add(MultiGauge.Row.of(tags, one.brier()));
            }
        }
        versions.register(ages, true);
        calibration.register(eces, true);
        errors.register(briers, true);
    }

    /** A route's predictor, for people. */
    public record Row(String route, @Nullable String version, @Nullable Instant trainedAt, List<Measures> measures,
            int heldOut, List<String> lengthsOf, Map<LabelSource, Integer> labels, Training.@Nullable Lesson last) {}

    /** Every route that has labels or a predictor. Blocks. */
    public List<Row> rows() {
        Map<String, Map<LabelSource, Integer>> counts = store.counts();
        TreeSet<String> routes = new TreeSet<>(counts.keySet());
        training.board().all().forEach(predictor -> routes.add(predictor.route()));
        List<Row> rows = new ArrayList<>();
        for (String route : routes) {
            RoutePredictor predictor = training.board().find(route);
            Map<LabelSource, Integer> of = counts.getOrDefault(route, Map.of());
            rows.add(predictor == null
                    ? new Row(route, null, null, List.of(), 0, List.of(), of, training.last(route))
                    : new Row(route, predictor.version(), predictor.trainedAt(), predictor.measures(),
                            predictor.heldOut(), predictor.lengthsOf().stream().map(Object::toString).toList(), of,
                            training.last(route)));
        }
        return rows;
    }

    /** Teaches a route now, on the caller's thread. */
    public Training.Lesson teach(String route) {
        evals.take();
        return training.teach(route);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
