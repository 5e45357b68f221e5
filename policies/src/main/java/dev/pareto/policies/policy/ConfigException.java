package dev.pareto.policies.policy;

import dev.pareto.policies.yaml.Place;
import dev.pareto.policies.yaml.YamlException;

/** A configuration that is refused as a whole: the message says where, why and how to mend it. */
public final class ConfigException extends Exception {

    private final Place place;

    ConfigException(YamlException refusal) {
        super(refusal.getMessage(), null, false, false);
        this.place = refusal.place();
    }

    /** File, line and column. */
    public Place place() {
        return place;
    }
}
