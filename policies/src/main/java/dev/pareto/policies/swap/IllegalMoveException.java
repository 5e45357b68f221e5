package dev.pareto.policies.swap;

/** A move that the life cycle does not have, e.g. from rolled back straight to open. */
public final class IllegalMoveException extends RuntimeException {

    public IllegalMoveException(Swap swap, SwapState to) {
        super("swap of " + swap.route() + " to " + swap.candidate() + " cannot go from " + swap.state() + " to " + to
                + "; it may become " + swap.state().next(), null, false, false);
    }
}
