package dev.pareto.engine.serve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.model.blueprint.Pooling;
import dev.pareto.engine.serve.BatchModel.Output;

/**
 * A sequence that is only read: for an embedding or for logits at chosen places. It shares steps with answers, so a long
 * text does not hold them up.
 */
abstract sealed class Reading<T> extends Work {

    /** Cancelling it stops the work. */
    final CompletableFuture<T> result = new CompletableFuture<>();
    private final @Nullable String tenant;
    private final long deadlineNanos;

    private Reading(int[] tokens, @Nullable String tenant, long nowNanos, long deadlineNanos, Runnable onEnd) {
        super(tokens, nowNanos, onEnd);
        this.tenant = tenant;
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
    @Nullable
    String tenant() {
        return tenant;
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
    int[] nextTokens(int mostGuesses) {
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

    /** The final hidden states of a text, pooled. */
    static final class Pooled extends Reading<float[][]> {

        private final Passage passage;
        private final Pooling pooling;
        private final Finish finish;
        private final List<float[]> rows = new ArrayList<>();
        private double[] sum = new double[0];
        private boolean asked;

        /** What is made of a pooled state, on the compute thread. */
        @FunctionalInterface
        interface Finish {
            float[] of(float[] state);
        }

        /**
         * @param pooling none, mean, first or last state
         * @param finish of each row that is left
         */
        Pooled(Passage passage, @Nullable String tenant, Pooling pooling, Finish finish, long nowNanos,
                long deadlineNanos, Runnable onEnd) {
            super(passage.tokens(), tenant, nowNanos, deadlineNanos, onEnd);
            this.passage = passage;
            this.pooling = pooling;
            this.finish = finish;
        }

        @Override
        int second() {
            return passage.second();
        }

        @Override
        Output output(boolean lastOfPrompt) {
            boolean first = !asked;
            asked = true;
            return switch (pooling) {
                case NONE, MEAN -> Output.HIDDEN;
                case CLS -> first ? Output.HIDDEN : Output.NONE;
                case LAST, RANK -> lastOfPrompt ? Output.HIDDEN : Output.NONE;
            };
        }

        @Override
        int longestSlice() {
            return Integer.MAX_VALUE;
        }

        @Override
        int accept(BatchModel.Rows states, long nowNanos) {
            if (states.count() > 0) {
                switch (pooling) {
                    case NONE -> keep(states, 0, states.count());
                    case MEAN -> add(states);
                    case CLS -> keep(states, 0, 1);
                    case LAST, RANK -> keep(states, states.count() - 1, states.count());
                }
            }
            if (promptLeft() == 0) {
                if (pooling == Pooling.MEAN) {
                    rows.add(mean());
                }
                var finished = rows.stream().map(finish::of).toArray(float[][]::new);
                end();
                result.complete(finished);
            }
            return 0;
        }

        private void keep(BatchModel.Rows states, int from, int to) {
            for (int row = from; row < to; row++) {
                int at = states.offset() + row * states.width();
                rows.add(Arrays.copyOfRange(states.values(), at, at + states.width()));
            }
        }

        private void add(BatchModel.Rows states) {
            sum = sum.length == 0 ? new double[states.width()] : sum;
            for (int i = 0; i < states.count() * states.width(); i++) {
                sum[i % states.width()] += states.values()[states.offset() + i];
            }
        }

        private float[] mean() {
            var mean = new float[sum.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (float) (sum[i] / prompt.length);
            }
            return mean;
        }
    }

    /** The logits after chosen tokens; slices end there. */
    static final class Rows extends Reading<float[][]> {

        private final int[] positions;
        private final boolean[] wanted;
        private final float[][] byPosition;

        /** @param positions within the tokens, in any order */
        Rows(int[] tokens, int[] positions, long nowNanos, long deadlineNanos, Runnable onEnd) {
            super(tokens, null, nowNanos, deadlineNanos, onEnd);
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
