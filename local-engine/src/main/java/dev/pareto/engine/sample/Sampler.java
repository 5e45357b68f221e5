package dev.pareto.engine.sample;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.Sampling;

/**
 * Draws the tokens of one sequence, by the steps and in the order that {@link Sampling} tells; top-p and min-p see the
 * distribution before temperature, and each cut the one that the cuts before left, renormalised. Temperature 0 takes the
 * likeliest token after bias, constraint, penalties and DRY, the lowest id among equals, and draws no random number; any
 * other draws exactly one a token, with XTC two, and as many again where a constrained text comes to its last tokens. Not thread-safe; all samplers of a thread share its {@link Scratch}.
 */
public final class Sampler {

    private final Sampling sampling;
    private final RandomGenerator random;
    private final Scratch scratch;
    private final @Nullable TokenConstraint constraint;
    private final @Nullable Penalties penalties;
    private final @Nullable Repetitions repetitions;
    private final @Nullable SurpriseControl mirostat;
    private boolean hurried;

    /** Without a constraint, and with no breakers for DRY to find. */
    public Sampler(Sampling sampling, RandomGenerator random, Scratch scratch, int[] prompt) {
        this(sampling, random, scratch, prompt, _ -> new byte[0], null);
    }

    /**
     * @param prompt tokens before the first one drawn; they count for the repetition penalty and DRY
     * @param bytes what a token stands for
     * @param constraint what may be drawn; null for everything
     * @throws EngineException.InvalidRequest if a bias is for a token that does not exist
     */
    public Sampler(Sampling sampling, RandomGenerator random, Scratch scratch, int[] prompt,
            IntFunction<byte[]> bytes, @Nullable TokenConstraint constraint) {
        this.sampling = sampling;
        this.random = random;
        this.scratch = scratch;
        this.constraint = constraint;
        var dry = sampling.dry();
        var mirostatSettings = sampling.mirostat();
        boolean adjusts = mirostatSettings == null || sampling.temperature() == 0;
        this.penalties = adjusts && sampling.penalises() ? new Penalties(sampling, prompt) : null;
        this.repetitions = adjusts && dry != null && dry.multiplier() > 0 && dry.window() != 0
                ? new Repetitions(dry, prompt, bytes)
                : null;
        this.mirostat = mirostatSettings == null ? null : new SurpriseControl(mirostatSettings, scratch);
        for (int token : sampling.logitBias().keySet()) {
            if (token < 0 || token >= scratch.vocabulary) {
                throw new EngineException.InvalidRequest("logit_bias names token " + token + "; tokens are 0 to "
                        + (scratch.vocabulary - 1));
            }
        }
    }

    /**
     * The next token, which from now on counts for penalties and constraint.
     *
     * @param raw holds one logit for each token of the vocabulary; not changed
     * @param offset of the first of them
     * @param left how many may still be drawn, this one included: a constrained text is ended within them where it can be
     * @throws EngineException.ComputationFailed if a logit is NaN or plus infinity, or all are minus infinity
     */
    public int next(float[] raw, int offset, int left) {
        int token = pick(raw, offset, constraint == null ? null : constraint.allowed());
        long[] closing = constraint == null ? null : constraint.closing(token, left);
        if (closing != null) {
            hurried = true;
            token = pick(raw, offset, closing);
        }
        if (penalties != null) {
            penalties.accept(token);
        }
        if (repetitions != null) {
            repetitions.accept(token);
        }
        if (constraint != null) {
            constraint.accept(token);
        }
        return token;
    }

    /** The same with no end in sight. */
    public int next(float[] raw, int offset) {
        return next(raw, offset, Integer.MAX_VALUE);
    }

    private int pick(float[] raw, int offset, long @Nullable [] allowed) {
        boolean plain = penalties == null && repetitions == null && allowed == null
                && sampling.logitBias().isEmpty();
        float[] logits = plain ? raw : adjusted(raw, offset, allowed);
        int from = plain ? offset : 0;
        float max = Logits.max(logits, from, scratch.vocabulary);
        return sampling.temperature() == 0 ? Logits.first(logits, from, max) : draw(logits, from, max);
    }

    /** Whether a token was replaced by one that lets the text end in time: it is shorter than the model meant it to be. */
    public boolean hurried() {
        return hurried;
    }

    /** Whether the next draw costs no more than draws do; see {@link TokenConstraint#ready}. */
    public boolean ready() {
        return constraint == null || constraint.ready();
    }

    /** Makes it so; on any thread, while no other uses the sampler. */
    public void prepare() {
        if (constraint != null) {
            constraint.prepare();
        }
    }

    /** Whether the constraint lets nothing follow any more, not even the end. */
    public boolean finished() {
        return constraint != null && constraint.finished();
    }

    private float[] adjusted(float[] raw, int offset, long @Nullable [] allowed) {
        float[] logits = scratch.logits;
        System.arraycopy(raw, offset, logits, 0, scratch.vocabulary);
        sampling.logitBias().forEach((token, bias) -> logits[token] += bias);
        if (allowed != null) {
            mask(logits, allowed);
        }
        if (penalties != null) {
            penalties.apply(logits);
        }
        if (repetitions != null) {
            repetitions.apply(logits);
        }
        return logits;
    }

    private static void mask(float[] logits, long[] allowed) {
        for (int word = 0; word * 64 < logits.length; word++) {
            long forbidden = word < allowed.length ? ~allowed[word] : -1;
            int first = word * 64;
            if (forbidden == -1) {
                Arrays.fill(logits, first, Math.min(first + 64, logits.length), Float.NEGATIVE_INFINITY);
                continue;
            }
            while (forbidden != 0) {
                int token = first + Long.numberOfTrailingZeros(forbidden);
                if (token >= logits.length) {
                    break;
                }
                logits[token] = Float.NEGATIVE_INFINITY;
                forbidden &= forbidden - 1;
            }
        }
    }

    private int draw(float[] logits, int from, float max) {
        if (mirostat != null) {
            return mirostat.draw(logits, from, max, sampling.temperature(), random);
        }
        if (sampling.topNSigma() > 0 || sampling.typicalP() < 1 || sampling.xtc() != null
                || sampling.minKeep() > 1) {
            return new Candidates(scratch, logits, from).draw(sampling, random);
        }
        int size = scratch.vocabulary;
        boolean topK = sampling.topK() > 0 && sampling.topK() < size;
        if (!topK && sampling.topP() == 1 && sampling.minP() == 0) {
            for (int token = 0; token < size; token++) {
                scratch.weights[token] = Logits.weight(((double) logits[from + token] - max) / sampling.temperature());
            }
            return scratch.pick(size, random);
        }
        int first = topK ? best(logits, from, max) : nucleus(logits, from, max);
        int count = size - first;
        for (int i = 0; i < count; i++) {
            double belowMax = (double) Ranking.logit(scratch.keys[first + i]) - max;
            scratch.weights[i] = Logits.weight(belowMax / sampling.temperature());
        }
        return Ranking.token(scratch.keys[first + scratch.pick(count, random)]);
    }

    /** Top-k, then the other cuts. Puts the kept keys at the end of the array and gives the index of the first. */
    private int best(float[] logits, int from, float max) {
        long[] keys = scratch.keys;
        int count = Ranking.selectTop(logits, from, scratch.vocabulary, sampling.topK(), keys);
        double total = 0;
        for (int i = 0; i < count; i++) {
            total += Logits.weight((double) Ranking.logit(keys[i]) - max);
        }
        return keep(count, max, sampling.topP() < 1 ? sampling.topP() * total : Double.POSITIVE_INFINITY);
    }

    /** Top-p and min-p over the whole vocabulary; the result is as of {@link #best}. */
    private int nucleus(float[] logits, int from, float max) {
        long[] keys = scratch.keys;
        int size = scratch.vocabulary;
        double topP = sampling.topP();
        double total = topP < 1 ? Logits.totalWeight(logits, from, size, max) : Double.POSITIVE_INFINITY;
        // Tokens below (1-p)/n of the mass weigh less than 1-p together: the nucleus cannot reach them.
        double least = topP < 1 ? max + Math.log((1 - topP) * total / size) : Double.NEGATIVE_INFINITY;
        least = Math.max(least - 1e-6, max + Math.log(sampling.minP()));
        int count = 0;
        for (int token = 0; token < size; token++) {
            float logit = logits[from + token];
            if (logit == max || (logit >= least && logit > Float.NEGATIVE_INFINITY)) {
                keys[count++] = Ranking.key(logit, token);
            }
        }
        return keep(count, max, topP * total);
    }

    /**
     * Keeps the best of the first keys until their weights reach a sum or min-p cuts, at least one. Kept keys go to the
     * end of the array, the best last; the result is the index of the first kept.
     */
    private int keep(int candidates, float max, double enough) {
        long[] keys = scratch.keys;
        double leastLogit = max + Math.log(sampling.minP());
        Ranking.heapify(keys, candidates);
        double sum = 0;
        int kept = 0;
        while (kept < candidates) {
            double logit = Ranking.logit(keys[0]);
            if (kept > 0 && (sum >= enough || logit < leastLogit)) {
                break;
            }
            Ranking.pop(keys, candidates - kept);
            kept++;
            sum += Logits.weight(logit - max);
        }
        System.arraycopy(keys, candidates - kept, keys, keys.length - kept, kept);
        return keys.length - kept;
    }
}
