package dev.pareto.policies.predict.live;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.FloorAnswer;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.TokenForecast;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import dev.pareto.policies.predict.accuracy.Influence;
import dev.pareto.policies.predict.accuracy.LengthPredictor;
import dev.pareto.policies.predict.accuracy.SuccessPredictor;
import dev.pareto.policies.predict.floor.Escalation;
import dev.pareto.policies.predict.floor.FloorControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One version of what a route has learned: success of each model, lengths of answers, and the held-out prompts on which its floors rest.
 * Immutable, safe for threads, which share a pool of forecasts: one whose user says {@link AccuracyForecasts#done} is used again, and
 * then only results are allocated.
 */
public final class RoutePredictor {

    /**
     * What it consists of.
     *
     * @param success null while there are too few labels
     * @param lengths null while there are too few answers
     * @param measures by model, of success
     */
    record Parts(String route, Instant trainedAt, @Nullable SuccessPredictor success, @Nullable LengthPredictor lengths,
            List<Measures> measures, Holdout holdout) {

        Parts {
            requireNonNull(route, "route is null");
            requireNonNull(trainedAt, "trainedAt is null");
            measures = List.copyOf(measures);
        }
    }

    private static final int POOL = 64;

    private static final PromptText NONE = new PromptText("", null);

    private final Parts parts;
    private final String version;
    private final List<ModelId> models;
    private final List<ModelId> answering;
    private final Thresholds thresholds;
    private final Map<ModelId, Integer> heads;
    private final Map<ModelId, Integer> tails;
    private final AtomicReferenceArray<@Nullable Forecasts> pool = new AtomicReferenceArray<>(POOL);

    RoutePredictor(Parts parts, String version) {
        this.parts = parts;
        this.version = version;
        this.models = parts.success == null ? List.of() : parts.success.models().stream().map(ModelId::parse).toList();
        this.answering = parts.lengths == null
                ? List.of()
                : parts.lengths.models().stream().map(ModelId::parse).toList();
        this.thresholds = new Thresholds(parts.holdout);
        this.heads = places(models);
        this.tails = places(answering);
    }

    private static Map<ModelId, Integer> places(List<ModelId> models) {
        Map<ModelId, Integer> places = new HashMap<>();
        for (int i = 0; i < models.size(); i++) {
            places.putIfAbsent(models.get(i), i);
        }
        return places;
    }

    private static int place(Map<ModelId, Integer> places, ModelId model) {
        Integer place = places.get(model);
        return place == null ? -1 : place;
    }

    public String route() {
        return parts.route;
    }

    /** A hash of all that it consists of. */
    public String version() {
        return version;
    }

    public Instant trainedAt() {
        return parts.trainedAt;
    }

    /** By model, on labels that it was not taught with. */
    public List<Measures> measures() {
        return parts.measures;
    }

    /** The models whose lengths of answers it knows. */
    public List<ModelId> lengthsOf() {
        LengthPredictor lengths = parts.lengths;
        return lengths == null
                ? List.of()
                : answering.stream().filter(model -> lengths.knows(answering.indexOf(model))).toList();
    }

    /** On how many prompts floors may rest. */
    public int heldOut() {
        return parts.holdout.size();
    }

    Parts parts() {
        return parts;
    }

    /** Computes the threshold of a promise now, so that the first request need not do without. */
    public void prepare(Promise promise) {
        int candidate = models.indexOf(promise.candidate());
        int reference = models.indexOf(promise.reference());
        if (candidate >= 0 && reference >= 0 && candidate != reference) {
            thresholds.compute(new Thresholds.Key(candidate, reference, promise.margin(), promise.confidence()));
        }
    }

    /** By model in the order of the predictor's; null when it knows of no model's success. */
    double @Nullable [] probabilities(EncodedPrompt prompt) {
        SuccessPredictor success = parts.success;
        if (success == null) {
            return null;
        }
        SuccessPredictor.Workspace workspace = success.workspace();
        success.predict(prompt, workspace);
        double[] probabilities = new double[models.size()];
        for (int model = 0; model < probabilities.length; model++) {
            probabilities[model] = workspace.probability(model);
        }
        return probabilities;
    }

    List<ModelId> models() {
        return models;
    }

    /** @param background computes thresholds that were not prepared */
    AccuracyForecasts forecast(PromptText prompt, Executor background) {
        Forecasts pooled = pool.getAndSet(slot(), null);
        Forecasts forecasts = pooled != null ? pooled : new Forecasts();
        forecasts.read(prompt, background);
        return forecasts;
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & (POOL - 1);
    }

    /**
     * What moved a forecast most, in the prompt's own words; for whoever brings the prompt and asks.
     *
     * @throws IllegalArgumentException when nothing is known of the model
     */
    public List<Influence> explain(PromptText prompt, ModelId model, int most) {
        SuccessPredictor success = parts.success;
        if (success == null || !models.contains(model)) {
            throw new IllegalArgumentException(
                    "route " + parts.route + " has no labels of " + model + "; there are some of " + models);
        }
        return success.explain(prompt.text(), prompt.segment(), model.toString(), most);
    }

    private final class Forecasts implements AccuracyForecasts {

        private static final int WHY = 8;

        private final SuccessPredictor.@Nullable Workspace success = parts.success == null
                ? null
                : parts.success.workspace();
        private final LengthPredictor.@Nullable Workspace lengths = parts.lengths == null
                ? null
                : parts.lengths.workspace();
        private PromptText prompt = NONE;
        private Executor background = Runnable::run;
        private final double[] probability = new double[models.size()];
        private final double[] deviation = new double[models.size()];
        private final int[] tokens = new int[answering.size()];
        private final int[] bound = new int[answering.size()];

        private void read(PromptText text, Executor computes) {
            prompt = text;
            background = computes;
            if (parts.success != null && success != null) {
                parts.success.predict(prompt.text(), prompt.segment(), success);
                for (int model = 0; model < probability.length; model++) {
                    probability[model] = success.probability(model);
                    deviation[model] = success.deviation(model);
                }
            }
            if (parts.lengths != null && lengths != null) {
                if (success == null) {
                    parts.lengths.read(prompt.text(), prompt.segment(), lengths);
                } else {
                    parts.lengths.read(success, prompt.segment(), lengths);
                }
                for (int model = 0; model < tokens.length; model++) {
                    tokens[model] = (int) Math.max(1, Math.round(parts.lengths.mean(model, lengths)));
                    bound[model] = (int) Math.max(1, Math.ceil(parts.lengths.bound(model, lengths)));
                }
            }
        }

        @Override
        public void done() {
            prompt = NONE;
            pool.set(slot(), this);
        }

        @Override
        public @Nullable AccuracyForecast of(ModelId model) {
            int head = place(heads, model);
            if (head < 0 || parts.success == null) {
                return null;
            }
            double p = Math.clamp(probability[head], 0, 1);
            double width = 1.645 * deviation[head];
            return new AccuracyForecast(p, Math.max(0, p - width), Math.min(1, p + width),
                    parts.success.labels().get(head), version);
        }

        @Override
        public FloorAnswer floor(ModelId candidate, ModelId reference, double margin, double confidence) {
            int weak = place(heads, candidate);
            int strong = place(heads, reference);
            if (weak < 0 || strong < 0 || weak == strong || !(margin > 0 && margin < 1)) {
                return new FloorAnswer.NotLearnt();
            }
            FloorControl.Threshold threshold = thresholds.find(new Thresholds.Key(weak, strong, margin, confidence),
                    background);
            double score = Escalation.score(probability[strong], probability[weak]);
            return switch (threshold) {
                case null -> new FloorAnswer.NotLearnt();
                case FloorControl.TooFewLabels few ->
                    new FloorAnswer.TooFewLabels(few.labels(), few.missing() * Holdout.ONE_IN);
                case FloorControl.Safe safe -> score < safe.below()
                        ? new FloorAnswer.Kept(score, safe.below(), safe.labels())
                        : new FloorAnswer.Escalated(score, safe.below(), safe.labels());
            };
        }

        @Override
        public @Nullable TokenForecast outputTokens(ModelId model) {
            int at = place(tails, model);
            return at < 0 || parts.lengths == null || !parts.lengths.knows(at)
                    ? null
                    : new TokenForecast(tokens[at], bound[at], parts.lengths.answers(at));
        }

        @Override
        public int expectedTokens(ModelId model) {
            int at = place(tails, model);
            return at < 0 || parts.lengths == null || !parts.lengths.knows(at) ? 0 : tokens[at];
        }

        @Override
        public int mostTokens(ModelId model) {
            int at = place(tails, model);
            return at < 0 || parts.lengths == null || !parts.lengths.knows(at) ? 0 : bound[at];
        }

        /** All words are one influence: what is said of a decision is kept, and prompts are not. */
        @Override
        public List<Influence> why(ModelId model) {
            if (parts.success == null || !models.contains(model)) {
                return List.of();
            }
            double words = 0;
            List<Influence> shown = new ArrayList<>();
            for (Influence one : explain(prompt, model, Integer.MAX_VALUE)) {
                if (one.feature().startsWith("\"")) {
                    words += one.effect();
                } else {
                    shown.add(one);
                }
            }
            if (words != 0) {
                shown.add(new Influence("the words themselves", words));
            }
            shown.sort(Comparator.comparingDouble(one -> -Math.abs(one.effect())));
            return List.copyOf(shown.subList(0, Math.min(WHY, shown.size())));
        }
    }
}
