package dev.pareto.engine.serve;

import java.util.Arrays;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.serve.BatchModel.Output;
import dev.pareto.engine.serve.BatchModel.Rows;
import dev.pareto.engine.serve.BatchModel.Slice;

/**
 * One sequence on its way through the scheduler: its prompt is computed in chunks, then an {@link Answer} goes on token
 * by token while a {@link Reading} is done. Confined to the compute thread but for the flag of {@link #giveUp}.
 */
abstract sealed class Work permits Answer, Reading {

    final int[] prompt;
    final long submittedNanos;
    /** How long its listener let it wait while others waited for its place. */
    long pausedNanos;
    private final Runnable onEnd;
    private volatile boolean abandoned;
    private @Nullable Lease lease;
    private int computed;
    private int reused;
    private boolean ended;

    /** @param onEnd called once, when the work ends in whatever way */
    Work(int[] prompt, long submittedNanos, Runnable onEnd) {
        this.prompt = prompt;
        this.submittedNanos = submittedNanos;
        this.onEnd = onEnd;
    }

    /** Tokens that the cache must have room for. */
    abstract int capacity();

    /** Within which pages of the prompt are shared, or null for nowhere. */
    @Nullable
    abstract String partition();

    /** Whose it is, for fairness; null if that is not known. */
    @Nullable
    abstract String tenant();

    /** Whether the next slice, if any, should wait: nobody takes what it would yield. */
    abstract boolean paused();

    /** Whether its next slice cannot be computed yet. */
    boolean unready() {
        return false;
    }

    /** Sees whether it can by now; may end the work. */
    void resume(@SuppressWarnings("unused") long nowNanos) {}

    /** The nanosecond at which the work is cut, whatever its state. */
    abstract long deadlineNanos();

    /** What the rows of a slice of prompt are, given whether it is the last one. */
    abstract Output output(boolean lastOfPrompt);

    /** The most prompt tokens that the next slice may have. */
    abstract int longestSlice();

    /** Where in the prompt the second of two texts begins that are read together. */
    int second() {
        return prompt.length;
    }

    /** The tokens to compute after the prompt: the one drawn last and at most so many guesses of what follows it. */
    abstract int[] nextTokens(int mostGuesses);

    /**
     * Takes the rows of a slice.
     *
     * @return how many tokens were drawn
     */
    abstract int accept(Rows rows, long nowNanos);

    abstract void cutByTime(long nowNanos);

    abstract void tellAbandoned(long nowNanos);

    abstract void tellFailure(EngineException failure);

    /** Computing begins now. */
    void start(Lease granted, @SuppressWarnings("unused") long nowNanos) {
        lease = granted;
        computed = granted.tokens();
        reused = computed;
    }

    /** Prompt tokens that did not have to be computed. */
    final int reused() {
        return reused;
    }

    /** Takes over what others have computed of the prompt since; how many tokens. */
    final int reuse() {
        int more = requireLease().reuse();
        computed += more;
        reused += more;
        return more;
    }

    /**
     * Whether to read on in this step, rather than wait for the one who computes the same page in it.
     *
     * @param claimed the pages that are computed in this step; this one's is added
     */
    final boolean claim(Set<PrefixKey> claimed) {
        var next = requireLease().nextToReuse();
        return next == null || claimed.add(next) || requireLease().midPage();
    }

    /** Whether a page of the prompt is computed in part, so that {@link #claim} says yes whoever else computes it. */
    final boolean midPage() {
        return requireLease().midPage();
    }

    /** Lets others use the pages that the slice just computed has filled. */
    final void keep() {
        if (lease != null) {
            lease.keep(computed);
        }
    }

    /** Stops caring, from any thread. */
    void giveUp() {
        abandoned = true;
    }

    /** Whether nobody waits for the result any more. */
    boolean abandoned() {
        return abandoned;
    }

    final int promptLeft() {
        return prompt.length - computed;
    }

    /** Prompt tokens that are computed. */
    final int computed() {
        return computed;
    }

    /** The next slice: at most so many tokens of the prompt, or the token drawn last with at most so many guesses. */
    final Slice slice(int most) {
        var pages = requireLease();
        if (promptLeft() == 0) {
            var next = nextTokens(most);
            pages.grow(next.length);
            return new Slice(pages.cache(), next, next.length == 1 ? Output.LOGITS : Output.EACH);
        }
        int count = Math.min(Math.min(most, promptLeft()), longestSlice());
        int end = pages.endOfSlice(computed, computed + count);
        pages.grow(end - computed);
        var tokens = Arrays.copyOfRange(prompt, computed, end);
        int second = Math.clamp(second() - (long) computed, 0, tokens.length);
        computed = end;
        return new Slice(pages.cache(), tokens, output(promptLeft() == 0), second);
    }

    /** Takes the last tokens computed back: they were wrong guesses. */
    final void takeBack(int tokens) {
        if (!ended) {
            requireLease().truncate(requireLease().tokens() - tokens);
        }
    }

    private Lease requireLease() {
        if (lease == null) {
            throw new IllegalStateException("not started");
        }
        return lease;
    }

    final boolean ended() {
        return ended;
    }

    /** Nothing more is computed; the cache is free. */
    final void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (lease != null) {
            lease.release();
            lease = null;
        }
        release();
        onEnd.run();
    }

    /** Gives back what it holds besides its pages. */
    void release() {}

    /** Ends with a failure, unless it ended before. */
    final void fail(EngineException failure) {
        if (!ended) {
            end();
            tellFailure(failure);
        }
    }

    /** Ends what nobody waits for any more or what took too long; true if that was so. */
    final boolean endIfOver(long nowNanos) {
        if (ended) {
            return true;
        }
        if (abandoned()) {
            end();
            tellAbandoned(nowNanos);
        } else if (nowNanos - deadlineNanos() >= 0) {
            end();
            cutByTime(nowNanos);
        }
        return ended;
    }
}
