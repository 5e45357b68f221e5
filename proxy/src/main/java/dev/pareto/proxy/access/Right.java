package dev.pareto.proxy.access;

/** What an address of the admin port asks for; which roles have it says {@link Role}. */
public enum Right {
    /** Figures and names: money, calls, prices, models, verdicts; never what people wrote. */
    SEE("see figures"),
    /** What people and models wrote: items of evals, comments, judged pairs. */
    READ_WORDS("read what people and models wrote"),
    /** The books: corrections, month close, waivers, anomalies, money granted to budgets, proposed prices, reports that are sent. */
    KEEP_BOOKS("keep the books"),
    /** Routing: swaps, experiments, predictors, verdicts. */
    STEER("change where requests go"),
    /** Keys and the configuration in force. */
    ADMINISTER("administer keys and read the configuration");

    private final String words;

    Right(String words) {
        this.words = words;
    }

    /** As it goes on after "may". */
    public String words() {
        return words;
    }
}
