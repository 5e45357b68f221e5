package dev.pareto.engine.draft;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

/**
 * Guesses for one sequence: asks its drafters in their order, each for as many tokens as it has lately guessed right, and
 * takes the first that has an idea. A drafter that fails is not asked again; the sequence goes on without. Confined to the
 * compute thread.
 */
public final class Speculator implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Speculator.class.getName());
    private static final int[] NONE = new int[0];

    private final History history;
    private final List<Source> sources = new ArrayList<>();
    private final IntPredicate last;
    private @Nullable Source asked;
    private int guessed;

    private record Source(Drafter drafter, Pace pace) {}

    /**
     * @param drafters the likeliest to be right first; closed with this
     * @param most tokens to guess at once
     * @param last whether nothing follows this token; it and what is guessed after it are left out
     */
    public Speculator(int[] prompt, List<Drafter> drafters, int most, IntPredicate last) {
        this.history = new History(prompt);
        this.last = last;
        drafters.forEach(drafter -> sources.add(new Source(drafter, new Pace(most))));
    }

    /** A token that was drawn. */
    public void add(int token) {
        history.add(token);
    }

    /** Guesses of the tokens after those that there are, at most so many; to be followed by {@link #learn}. */
    public int[] draft(int most) {
        asked = null;
        guessed = 0;
        for (var source : List.copyOf(sources)) {
            int length = Math.min(most, source.pace.next(history.size()));
            int[] guesses = length < 1 ? NONE : ask(source, length);
            if (guesses.length > 0) {
                asked = source;
                guessed = guesses.length;
                return guesses;
            }
        }
        return NONE;
    }

    private int[] ask(Source source, int most) {
        try {
            int[] guesses = source.drafter.draft(history, most);
            int end = 0;
            while (end < guesses.length && !last.test(guesses[end])) {
                end++;
            }
            return end == guesses.length ? guesses : Arrays.copyOf(guesses, end);
        } catch (RuntimeException | OutOfMemoryError e) { // guesses are a help, not a need
            LOG.log(Level.WARNING, "an answer goes on without guesses: " + e, e);
            source.drafter.close();
            sources.remove(source);
            return NONE;
        }
    }

    /** How many of the last guesses, from the first on, were drawn; these are added already. */
    public void learn(int right) {
        if (asked != null) {
            asked.pace.learn(history.size(), guessed, right);
        }
    }

    @Override
    public void close() {
        sources.forEach(source -> source.drafter.close());
        sources.clear();
    }
}
