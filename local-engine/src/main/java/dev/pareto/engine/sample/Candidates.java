package dev.pareto.engine.sample;

import java.util.random.RandomGenerator;

import dev.pareto.engine.Sampling;

/**
 * The tokens that the cuts of one draw have left, for the settings whose steps need the whole set in hand: top-n-sigma,
 * top-k, typical, top-p, min-p, XTC, in this order. Works in the arrays of the {@link Scratch}.
 */
final class Candidates {

    private final Scratch scratch;
    private final long[] keys;
    private int count;

    Candidates(Scratch scratch, float[] logits, int from) {
        this.scratch = scratch;
        this.keys = scratch.keys;
        for (int token = 0; token < scratch.vocabulary; token++) {
            float logit = logits[from + token];
            if (logit > Float.NEGATIVE_INFINITY) {
                keys[count++] = Ranking.key(logit, token);
            }
        }
    }

    int draw(Sampling sampling, RandomGenerator random) {
        var xtc = sampling.xtc();
        int least = Math.max(1, sampling.minKeep());
        if (sampling.topNSigma() > 0) {
            sigma(sampling.topNSigma());
        }
        if (sampling.topK() > 0 && sampling.topK() < count) {
            best(1, sampling.topK(), Double.POSITIVE_INFINITY);
        }
        if (sampling.typicalP() < 1) {
            typical(sampling.typicalP(), least);
        }
        if (sampling.topP() < 1) {
            best(least, count, sampling.topP() * total(max()));
        }
        if (sampling.minP() > 0) {
            minP(sampling.minP(), least);
        }
        if (xtc != null && random.nextDouble() < xtc.probability()) {
            excludeTop(xtc.threshold(), least);
        }
        float max = max();
        for (int i = 0; i < count; i++) {
            double belowMax = (double) Ranking.logit(keys[i]) - max;
            scratch.weights[i] = Logits.weight(belowMax / sampling.temperature());
        }
        return Ranking.token(keys[scratch.pick(count, random)]);
    }

    private float max() {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, Ranking.logit(keys[i]));
        }
        return max;
    }

    private double total(float max) {
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += Logits.weight((double) Ranking.logit(keys[i]) - max);
        }
        return total;
    }

    /** Keeps what is at most so many standard deviations of all logits below the largest. */
    private void sigma(double deviations) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Ranking.logit(keys[i]);
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double distance = Ranking.logit(keys[i]) - mean;
            squares += distance * distance;
        }
        float max = max();
        keepFrom(max - deviations * Math.sqrt(squares / count), max);
    }

    private void keepFrom(double least, float max) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            float logit = Ranking.logit(keys[i]);
            if (logit >= least || logit == max) {
                keys[kept++] = keys[i];
            }
        }
        count = kept;
    }

    private void minP(double share, int least) {
        float max = max();
        double from = max + Math.log(share);
        int reach = 0;
        for (int i = 0; i < count; i++) {
            reach += Ranking.logit(keys[i]) >= from ? 1 : 0;
        }
        if (reach < least) {
            best(1, least, Double.POSITIVE_INFINITY);
        } else {
            keepFrom(from, max);
        }
    }

    /** Keeps the best until there are enough of them and their weights reach a sum, or there are so many. */
    private void best(int least, int most, double enough) {
        float max = max();
        Ranking.heapify(keys, count);
        double sum = 0;
        int kept = 0;
        while (kept < Math.min(most, count) && (kept < least || sum < enough)) {
            sum += Logits.weight((double) Ranking.logit(Ranking.pop(keys, count - kept)) - max);
            kept++;
        }
        System.arraycopy(keys, count - kept, keys, 0, kept);
        count = kept;
    }

    /** Keeps the tokens whose surprise is nearest to the entropy until their probabilities exceed the share. */
    private void typical(double share, int least) {
        float max = max();
        double logTotal = Math.log(total(max));
        double entropy = 0;
        for (int i = 0; i < count; i++) {
            double surprise = logTotal - ((double) Ranking.logit(keys[i]) - max);
            entropy += Math.exp(-surprise) * surprise;
        }
        var logits = scratch.weights; // free until the draw: the logit of each token by its place
        for (int i = 0; i < count; i++) {
            float logit = Ranking.logit(keys[i]);
            int token = Ranking.token(keys[i]);
            logits[token] = logit;
            keys[i] = Ranking.key((float) -Math.abs(logTotal - ((double) logit - max) - entropy), token);
        }
        Ranking.heapify(keys, count);
        double sum = 0;
        int kept = 0;
        while (kept < count && (kept < least || sum <= share)) {
            int token = Ranking.token(Ranking.pop(keys, count - kept));
            sum += Math.exp(logits[token] - max - logTotal);
            kept++;
        }
        System.arraycopy(keys, count - kept, keys, 0, kept);
        count = kept;
        for (int i = 0; i < count; i++) {
            int token = Ranking.token(keys[i]);
            keys[i] = Ranking.key((float) logits[token], token);
        }
    }

    /** Of the tokens at least as likely as the threshold keeps the least likely; nothing goes where too few would stay. */
    private void excludeTop(double threshold, int atLeast) {
        float max = max();
        double least = Math.log(threshold) + Math.log(total(max)) + max;
        long last = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            if (Ranking.logit(keys[i]) >= least) {
                last = Math.min(last, keys[i]);
            }
        }
        int stay = 0;
        for (int i = 0; i < count; i++) {
            stay += keys[i] <= last ? 1 : 0;
        }
        if (stay < atLeast) {
            return;
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (keys[i] <= last) {
                keys[kept++] = keys[i];
            }
        }
        count = kept;
    }
}
