package dev.pareto.policies.policy;

import dev.pareto.policies.yaml.Place;
import dev.pareto.policies.yaml.YamlException;

/** A configuration that is refused as a whole: the message says where, why and how to mend it. */
public final class ConfigException extends Exception {

    private final Place place;
    private final String reason;
    private final String remedy;

    public ConfigException(Place place, String reason, String remedy) {
        super(place + ": " + reason + (remedy.isEmpty() ? "" : "; " + remedy), null, false, false);
        this.place = place;
        this.reason = reason;
        this.remedy = remedy;
    }

    ConfigException(YamlException refusal) {
        this(refusal.place(), refusal.reason(), refusal.remedy());
    }

    /** File, line and column. */
    public Place place() {
        return place;
    }

    /** What is wrong. */
    public String reason() {
        return reason;
    }

    /** How to mend it; may be empty. */
    public String remedy() {
        return remedy;
    }
}
