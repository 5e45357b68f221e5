package dev.pareto.policies.swap;

import java.util.List;

/** The verdicts on file. Called for every request: an implementation answers from memory and never blocks. */
@FunctionalInterface
public interface Verdicts {

    /** No verdict about anything. */
    Verdicts NONE = route -> List.of();

    /** The newest verdict of each candidate and incumbent of a route, expired ones included; never null. */
    List<Evidence> newest(String route);
}
