package dev.pareto.policies.swap;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What an event leads to.
 *
 * @param swap the state after it
 * @param moves what is to be written down; empty when nothing but counts changed
 */
public record Transition(Swap swap, List<Move> moves) {

    public Transition {
        requireNonNull(swap, "swap is null");
        moves = List.copyOf(moves);
    }
}
