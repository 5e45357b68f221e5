package dev.pareto.policies.swap;

/** A move that the life cycle does not have, e.g. from rolled back straight to open; says what is possible instead. */
public final class IllegalMoveException extends RuntimeException {

    public IllegalMoveException(Swap swap, String why) {
        super(swap.key() + " is " + swap.state().words() + ": " + why, null, false, false);
    }

    /** @param why which move of what is not possible, and why */
    public IllegalMoveException(String why) {
        super(why, null, false, false);
    }

    IllegalMoveException(Swap swap, SwapState to) {
        this(swap, "it cannot become " + to.words() + ", only " + swap.state().next());
    }
}
