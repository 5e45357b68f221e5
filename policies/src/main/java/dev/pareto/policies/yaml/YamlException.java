package dev.pareto.policies.yaml;

/** A file that cannot be accepted: where, why, and how to mend it. An expected refusal, so it carries no stack trace. */
public final class YamlException extends RuntimeException {

    private final Place place;
    private final String reason;
    private final String remedy;

    /**
     * @param reason what is wrong, a sentence without a full stop
     * @param remedy how to mend it; may be empty
     */
    public YamlException(Place place, String reason, String remedy) {
        super(place + ": " + reason + (remedy.isEmpty() ? "" : "; " + remedy), null, false, false);
        this.place = place;
        this.reason = reason;
        this.remedy = remedy;
    }

    public Place place() {
        return place;
    }

    public String reason() {
        return reason;
    }

    public String remedy() {
        return remedy;
    }
}
