package dev.pareto.dashboards.ledger;

/** Why an upstream call was made; each call that may cost money has one. */
public enum AttemptRole {
    /** The first call for a request. */
    PRIMARY(true),
    /** The same model asked again after a failure. */
    RETRY(true),
    /** Another model, after the chosen one failed. */
    FALLBACK(true),
    /** Answered from the gateway's cache. */
    CACHE_HIT(true),
    /** The answer of a cascade's first model, which passed. */
    CASCADE(true),
    /** The answer of a cascade's first model, which was doubted: the caller never sees it. */
    CASCADE_REJECTED(false),
    /** A second answer with which a cascade's first one is compared. */
    SECOND_OPINION(false),
    /** Another model's answer in place of a cascade's first one. */
    ESCALATION(true),
    /** A copy that the caller never sees. */
    SHADOW(false),
    /** A model that grades another's answer. */
    JUDGE(false),
    /** A model that helps to choose the route. */
    CLASSIFIER(false);

    private final boolean answersCaller;

    AttemptRole(boolean answersCaller) {
        this.answersCaller = answersCaller;
    }

    /** Whether the caller gets this attempt's answer when it succeeds. */
    public boolean answersCaller() {
        return answersCaller;
    }
}
