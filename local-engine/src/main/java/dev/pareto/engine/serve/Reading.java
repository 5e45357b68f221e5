package dev.pareto.engine.serve;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.serve.BatchModel.Output;

/**
 * A sequence that is only read: for an embedding or for logits at chosen places. It shares steps with answers, so a long
 * text does not hold them up.
 */
abstract sealed class Reading<T> extends Work {

    /** Cancelling it stops the work. */
    final CompletableFuture<T> result = new CompletableFuture<>();
    private final long deadlineNanos;

    private Reading(int[] tokens, long nowNanos, long deadlineNanos, Runnable onEnd) {
        super(tokens, nowNanos, onEnd);
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    int capacity() {
        return prompt.length;
    }

    /** Every token's state may be asked for, so none can be skipped. */
    @Override
    @Nullable
    String partition() {
        return null;
    }

    @Override
    boolean paused() {
        return false;
    }

    @Override
    long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    int nextToken() {
        throw new IllegalStateException("a reading ends with its text");
    }

    @Override
    void cutByTime(long nowNanos) {
        tellFailure(EngineException.Busy.waited(Duration.ofNanos(nowNanos - submittedNanos)));
    }

    @Override
    boolean abandoned() {
        return result.isCancelled();
    }

    @Override
    void tellAbandoned(long nowNanos) {}

    @Override
    void tellFailure(EngineException failure) {
        result.completeExceptionally(failure);
    }

    /** The mean of the final hidden states, with length 1. */
    static final class Embedding extends Reading<float[]> {

        private double[] sum = new double[0];

        Embedding(int[] tokens, long nowNanos, long deadlineNanos, Runnable onEnd) {
            super(tokens, nowNanos, deadlineNanos, onEnd);
        }

        @Override
        Output output(boolean lastOfPrompt) {
            return Output.HIDDEN;
        }

        @Override
        int longestSlice() {
            return Integer.MAX_VALUE;
        }

        @Override
        int accept(BatchModel.Rows rows, long nowNanos) {
            sum = sum.length == 0 ? new double[rows.width()] : sum;
            for (int i = 0; i < rows.count() * rows.width(); i++) {
                sum[i % rows.width()] += rows.values()[rows.offset() + i];
            }
            if (promptLeft() == 0) {
                end();
                result.complete(normalised());
            }
            return 0;
        }

        private float[] normalised() {
            double squares = 0;
            for (double value : sum) {
                squares += value * value;
            }
            if (!(squares > 0 && squares < Double.POSITIVE_INFINITY)) {
                throw new EngineException.ComputationFailed("the embedding has length " + Math.sqrt(squares), null);
            }
            var unit = new float[sum.length];
            for (int i = 0; i < unit.length; i++) {
                unit[i] = (float) (sum[i] / Math.sqrt(squares));
            }
            return unit;
        }
    }

    /** The logits after chosen tokens; slices end there. */
    static final class Rows extends Reading<float[][]> {

        private final int[] positions;
        private final boolean[] wanted;
        private final float[][] byPosition;

        /** @param positions within the tokens, in any order */
        Rows(int[] tokens, int[] positions, long nowNanos, long deadlineNanos, Runnable onEnd) {
            super(tokens, nowNanos, deadlineNanos, onEnd);
            this.positions = positions;
            this.wanted = new boolean[tokens.length];
            this.byPosition = new float[tokens.length][];
            for (int position : positions) {
                wanted[position] = true;
            }
        }

        @Override
        Output output(boolean lastOfPrompt) {
            return wanted[computed() - 1] ? Output.LOGITS : Output.NONE;
        }

        @Override
        int longestSlice() {
            int end = computed();
            while (end < prompt.length - 1 && !wanted[end]) {
                end++;
            }
            return end + 1 - computed();
        }

        @Override
        int accept(BatchModel.Rows rows, long nowNanos) {
            if (rows.count() == 1) {
                byPosition[computed() - 1] = Arrays.copyOfRange(rows.values(), rows.offset(),
                        rows.offset() + rows.width());
            }
            if (promptLeft() == 0) {
                end();
                var chosen = new float[positions.length][];
                for (int i = 0; i < chosen.length; i++) {
                    chosen[i] = byPosition[positions[i]];
                }
                result.complete(chosen);
            }
            return 0;
        }
    }
}
