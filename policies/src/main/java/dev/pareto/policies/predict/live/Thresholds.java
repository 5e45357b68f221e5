package dev.pareto.policies.predict.live;

import dev.pareto.policies.predict.floor.Escalation;
import dev.pareto.policies.predict.floor.FloorControl;
import dev.pareto.policies.predict.floor.FloorControl.Threshold;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The thresholds of one predictor's floors: each computed once, in the background, and remembered. Thread-safe. */
final class Thresholds {

    /** A floor, with models as the predictor numbers them. */
    record Key(int candidate, int reference, double margin, double confidence) {}

    private static final int MOST = 1_000;

    private final Holdout holdout;
    private final ConcurrentMap<Key, Threshold> known = new ConcurrentHashMap<>();
    private final Set<Key> wanted = ConcurrentHashMap.newKeySet();

    Thresholds(Holdout holdout) {
        this.holdout = holdout;
    }

    /** Null while it is still being computed. */
    @Nullable
    Threshold find(Key key, Executor background) {
        Threshold found = known.get(key);
        if (found == null && wanted.size() < MOST && wanted.add(key)) {
            try {
                background.execute(() -> compute(key));
            } catch (RejectedExecutionException busy) {
                wanted.remove(key);
            }
            return known.get(key);
        }
        return found;
    }

    Threshold compute(Key key) {
        return known.computeIfAbsent(key, same -> threshold(same.candidate, same.reference,
                new FloorControl(same.margin, 1 - same.confidence)));
    }

    /** Where requests of the route itself are enough, the promise is about them and the suites' cases are left out. */
    private Threshold threshold(int candidate, int reference, FloorControl control) {
        int[] all = IntStream.range(0, holdout.size())
                .filter(row -> !Float.isNaN(holdout.was()[row][candidate])
                        && !Float.isNaN(holdout.was()[row][reference]))
                .toArray();
        int[] traffic = Arrays.stream(all).filter(row -> holdout.traffic()[row]).toArray();
        boolean enough = traffic.length >= control.leastLabels(FloorControl.Method.LEARN_THEN_TEST);
        int[] rows = enough ? traffic : all;
        double[] scores = new double[rows.length];
        double[] strong = new double[rows.length];
        double[] weak = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            float[] said = holdout.said()[rows[i]];
            scores[i] = Escalation.score(said[reference], said[candidate]);
            strong[i] = holdout.was()[rows[i]][reference];
            weak[i] = holdout.was()[rows[i]][candidate];
        }
        return control.threshold(FloorControl.Method.LEARN_THEN_TEST, scores, strong, weak);
    }
}
