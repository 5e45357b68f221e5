package dev.pareto.policies.offpolicy;

/** How an outcome under another policy is told. */
public enum Method {
    /** Inverse propensity scores: without bias, of large variance (Horvitz and Thompson 1952). */
    IPS,
    /** The same divided by the sum of weights: a little bias, less variance (Hajek 1971; Swaminathan and Joachims 2015). */
    SNIPS,
    /** A model of outcomes, put right by what was seen: right if either propensities or model are (Dudik, Langford and Li 2011). */
    DR
}
