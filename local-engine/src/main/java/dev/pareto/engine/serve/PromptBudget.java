package dev.pareto.engine.serve;

/**
 * How many prompt tokens a step may take beside running answers, so that it lasts no longer than a stated multiple of one
 * without prompts (while there are no more prompts than answers). A step is taken to cost {@code a + b·answers + c·prompt}. The first two are fitted to steps without
 * prompts, the third is what a prompt token added to the latest steps with some: where weights are waited for and a few
 * tokens more are nearly free, that finds how many are. All is forgotten exponentially. Not thread-safe.
 */
final class PromptBudget {

    /** Tokens of the first step beside answers; the next steps may take twice as many as the last. */
    private static final int FIRST = 4;
    /** What is left of a step's weight after the next one. */
    private static final double KEEP_PLAIN = 0.95;
    private static final double KEEP_MIXED = 0.9;
    /** After so many steps with prompts there is one without, or what that takes would be known no more. */
    private static final int PROBE = 32;
    /** A step so many times as long as expected was held up by something else. */
    private static final double OUTLIER = 4;
    /** Spread of the numbers of answers below which nothing can be said of what one more costs. */
    private static final double LEAST_VARIANCE = 0.01;

    private final double slowdown;
    private double weight;
    private double answers;
    private double answersSquared;
    private double nanos;
    private double answersNanos;
    private double promptTokens;
    private double promptNanos;
    private int most = FIRST;
    private int withoutProbe;

    /** @param slowdown as of {@link dev.pareto.engine.EngineSettings} */
    PromptBudget(double slowdown) {
        this.slowdown = slowdown;
    }

    /**
     * The most prompt tokens of the next step; at least 1, but 0 now and then for a measurement.
     *
     * @param answerTokens that it computes
     * @param crowd prompts that are read for each answer under way: where there are more than one, answers make way in
     *            proportion, or a few of them would hold all others back
     * @param chunk the most without any answers
     */
    int tokens(int answerTokens, double crowd, int chunk) {
        if (answerTokens == 0 || slowdown == Double.POSITIVE_INFINITY) {
            return chunk;
        }
        if (weight == 0 || withoutProbe >= PROBE) {
            return 0;
        }
        double allowed = (slowdown - 1) * Math.max(1, crowd) * plain(answerTokens);
        double fitting = each() == 0 ? most : Math.min(most, allowed / each());
        return Math.min(chunk, Math.max(1, (int) fitting));
    }

    /** A step took so long. */
    void learn(int stepAnswers, int stepPrompt, long stepNanos) {
        if (stepAnswers == 0 || slowdown == Double.POSITIVE_INFINITY) {
            return;
        }
        if (stepPrompt == 0) {
            learnPlain(stepAnswers, stepNanos);
            withoutProbe = 0;
        } else if (weight > 0) {
            double plain = plain(stepAnswers);
            double expected = (slowdown - 1) * plain + stepPrompt * each();
            double more = Math.clamp(stepNanos - plain, 0, OUTLIER * expected);
            promptTokens = promptTokens * KEEP_MIXED + stepPrompt;
            promptNanos = promptNanos * KEEP_MIXED + more;
            most = Math.max(FIRST, 2 * stepPrompt);
            withoutProbe++;
        }
    }

    /** Nanoseconds that a prompt token adds. */
    private double each() {
        return promptTokens == 0 ? 0 : promptNanos / promptTokens;
    }

    private void learnPlain(int stepAnswers, long stepNanos) {
        double took = stepNanos;
        if (weight > 0) {
            took = Math.min(took, OUTLIER * plain(stepAnswers));
        }
        weight = weight * KEEP_PLAIN + 1;
        answers = answers * KEEP_PLAIN + stepAnswers;
        answersSquared = answersSquared * KEEP_PLAIN + (double) stepAnswers * stepAnswers;
        nanos = nanos * KEEP_PLAIN + took;
        answersNanos = answersNanos * KEEP_PLAIN + stepAnswers * took;
    }

    /** Nanoseconds of a step without prompts: least squares, between "one more is free" and "each costs the same". */
    private double plain(int stepAnswers) {
        double meanAnswers = answers / weight;
        double meanNanos = nanos / weight;
        double variance = answersSquared / weight - meanAnswers * meanAnswers;
        double slope = variance < LEAST_VARIANCE
                ? 0
                : Math.clamp((answersNanos / weight - meanAnswers * meanNanos) / variance, 0, meanNanos / meanAnswers);
        return meanNanos + slope * (stepAnswers - meanAnswers);
    }
}
