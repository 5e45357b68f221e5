package dev.pareto.policies.price;

/** Whether every line of a bill has a price. */
public enum PriceStatus {
    PRICED, MISSING
}
