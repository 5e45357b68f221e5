package dev.pareto.policies.predict.live;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.EncodedExample;
import dev.pareto.policies.predict.accuracy.LengthPredictor;
import dev.pareto.policies.predict.accuracy.SuccessPredictor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Teaches a route's predictor from its labels, and says whether the new one is to take the old one's place. Pure: the same labels, moment
 * and seed give the same version.
 */
public final class RouteTeacher {

    /** Fewer labels of a model than this teach nothing of it. */
    public static final int LEAST_LABELS = SuccessPredictor.LEAST_PROMPTS;

    private static final int LEAST_FRESH = 20;

    /** What came of a lesson. */
    public sealed interface Outcome {}

    /** @param sentence for people: what the new version does better, or that there was none before */
    public record Taken(RoutePredictor predictor, String sentence) implements Outcome {}

    /** The old version stays. */
    public record NotTaken(RoutePredictor tried, String sentence) implements Outcome {}

    /** There is too little to learn from. */
    public record NothingLearnt(String sentence) implements Outcome {}

    private final long seed;

    /** @param seed of folds and trees */
    public RouteTeacher(long seed) {
        this.seed = seed;
    }

    /**
     * @param answers with their lengths, for the forecast of lengths
     * @param old the version in force; null for none
     */
    public Outcome teach(String route, List<LabelledItem> items, List<AnsweredItem> answers,
            @Nullable RoutePredictor old, Instant now) {
        List<ModelId> models = models(items);
        Lesson lesson = new Lesson(items, models);
        SuccessPredictor.Trained trained = lesson.enough()
                ? SuccessPredictor.trainEncoded(lesson.examples, lesson.keys,
                        models.stream().map(ModelId::toString).toList(), seed)
                : null;
        LengthPredictor lengths = lengths(answers);
        if (trained == null && lengths == null) {
            return new NothingLearnt("route " + route + " has " + items.size() + " labelled prompts; it takes "
                    + LEAST_LABELS + " different ones of one model, beside one in " + Holdout.ONE_IN
                    + " of those with labels of two, which are held out for floors");
        }
        Holdout holdout = trained == null
                ? new Holdout(new float[0][], new float[0][], new boolean[0])
                : lesson.holdout(trained.predictor());
        List<Measures> measures = trained == null ? List.of() : lesson.measures(trained.outOfFold());
        RoutePredictor.Parts parts = new RoutePredictor.Parts(route, now,
                trained == null ? null : trained.predictor(), lengths, measures, holdout);
        RoutePredictor made = RoutePredictorJson.named(parts);
        if (trained == null && old != null && !old.models().isEmpty()) {
            return new NotTaken(made, "route " + route + " has too few labels left; version " + old.version()
                    + " stays, which knew more");
        }
        if (old == null || trained == null || old.models().isEmpty()) {
            return new Taken(made, "route " + route + " learns from "
                    + items.size() + " labelled prompts and " + answers.size() + " answers: version " + made.version());
        }
        return compared(made, old, lesson, trained.outOfFold());
    }

    private static List<ModelId> models(List<LabelledItem> items) {
        Map<ModelId, Integer> counts = new TreeMap<>();
        for (LabelledItem item : items) {
            item.labels().stream().map(Label::model).distinct().forEach(model -> counts.merge(model, 1, Integer::sum));
        }
        return counts.entrySet()
                .stream()
                .filter(entry -> entry.getValue() >= LEAST_LABELS)
                .map(Map.Entry::getKey)
                .toList();
    }

    private @Nullable LengthPredictor lengths(List<AnsweredItem> answers) {
        List<ModelId> models = answers.stream().map(AnsweredItem::model).distinct().sorted().toList();
        return LengthPredictor.train(answers.stream()
                .map(one -> new LengthPredictor.Seen(one.prompt(), models.indexOf(one.model()),
                        Math.max(1, one.outputTokens())))
                .toList(), models.stream().map(ModelId::toString).toList(), seed);
    }

    /**
     * On the labels that came after the old version: it has not seen them, and what the new one says of them is by models that have not
     * either. Worse means beyond noise (19 times of 20), or chance would keep the old one.
     */
    private static Outcome compared(RoutePredictor made, RoutePredictor old, Lesson lesson, double[][] outOfFold) {
        double sum = 0;
        double squares = 0;
        double before = 0;
        int n = 0;
        for (int i = 0; i < lesson.all.size(); i++) {
            LabelledItem item = lesson.all.get(i);
            double[] was = item.firstAt().isAfter(old.trainedAt()) ? old.probabilities(item.prompt()) : null;
            if (was == null) {
                continue;
            }
            double[] now = lesson.place[i] < 0 ? made.probabilities(item.prompt()) : outOfFold[lesson.place[i]];
            for (int model = 0; model < lesson.models.size() && now != null; model++) {
                int head = old.models().indexOf(lesson.models.get(model));
                double truth = item.success(lesson.models.get(model));
                if (head < 0 || Double.isNaN(truth)) {
                    continue;
                }
                double theirs = (was[head] - truth) * (was[head] - truth);
                double worse = (now[model] - truth) * (now[model] - truth) - theirs;
                before += theirs;
                sum += worse;
                squares += worse * worse;
                n++;
            }
        }
        if (n < LEAST_FRESH) {
            return new Taken(made, "only " + n + " labels came since version " + old.version()
                    + ", too few to compare; version " + made.version() + " knows them all");
        }
        double mean = sum / n;
        double error = Math.sqrt(Math.max(0, squares / n - mean * mean) / n);
        String sentence = String.format(Locale.ROOT,
                "on %d labels that neither had seen, the mean squared error is %.4f with version %s and %.4f with %s",
                n,
                before / n, old.version(), before / n + mean, made.version());
        return mean > 1.645 * error ? new NotTaken(made, sentence + ": the old one stays") : new Taken(made, sentence);
    }

    /** The labels, cut into those that teach and those that are held out. */
    private static final class Lesson {

        private final List<LabelledItem> all;
        private final List<ModelId> models;
        private final List<EncodedExample> examples = new ArrayList<>();
        private final List<String> keys = new ArrayList<>();
        private final List<LabelledItem> held = new ArrayList<>();
        /** By item: its place among the examples; -1 when it is held out. */
        private final int[] place;

        Lesson(List<LabelledItem> items, List<ModelId> models) {
            this.models = models;
            this.all = items.stream()
                    .filter(item -> models.stream().anyMatch(model -> !Double.isNaN(item.success(model))))
                    .toList();
            this.place = new int[all.size()];
            for (int i = 0; i < place.length; i++) {
                LabelledItem item = all.get(i);
                double[] scores = models.stream().mapToDouble(item::success).toArray();
                int known = 0;
                for (double score : scores) {
                    known += Double.isNaN(score) ? 0 : 1;
                }
                if (known > 1 && Holdout.holds(item.item())) {
                    place[i] = -1;
                    held.add(item);
                } else {
                    place[i] = examples.size();
                    keys.add(item.item());
                    examples.add(new EncodedExample(item.prompt(), scores));
                }
            }
        }

        boolean enough() {
            return !models.isEmpty() && examples.size() >= LEAST_LABELS;
        }

        Holdout holdout(SuccessPredictor predictor) {
            SuccessPredictor.Workspace workspace = predictor.workspace();
            float[][] said = new float[held.size()][models.size()];
            float[][] was = new float[held.size()][models.size()];
            boolean[] traffic = new boolean[held.size()];
            for (int i = 0; i < said.length; i++) {
                predictor.predict(held.get(i).prompt(), workspace);
                traffic[i] = held.get(i).traffic();
                for (int model = 0; model < models.size(); model++) {
                    said[i][model] = (float) workspace.probability(model);
                    was[i][model] = (float) held.get(i).success(models.get(model));
                }
            }
            return new Holdout(said, was, traffic);
        }

        List<Measures> measures(double[][] outOfFold) {
            List<Measures> measures = new ArrayList<>();
            for (int model = 0; model < models.size(); model++) {
                double[] said = new double[examples.size()];
                double[] was = new double[examples.size()];
                for (int i = 0; i < said.length; i++) {
                    said[i] = outOfFold[i][model];
                    was[i] = examples.get(i).scores()[model];
                }
                Map<LabelSource, Integer> sources = new EnumMap<>(LabelSource.class);
                ModelId id = models.get(model);
                all.stream()
                        .flatMap(item -> item.labels().stream())
                        .filter(label -> label.model().equals(id))
                        .forEach(label -> sources.merge(label.source(), 1, Integer::sum));
                measures.add(Measures.of(id, sources, said, was));
            }
            return measures;
        }
    }
}
