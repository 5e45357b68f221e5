package dev.pareto.policies.catalog;

/** How a vendor's models are reached. */
public enum VendorKind {
    /** A company's API or an open cluster, over HTTP. */
    HTTP,
    /** Weights inside this process. */
    EMBEDDED,
    /** Answers made up from suites; declared as simulated everywhere it shows. */
    SIMULATED,
    /** Answers from files, each to the prompt it was once given to; declared as simulated, too. */
    RECORDED
}
