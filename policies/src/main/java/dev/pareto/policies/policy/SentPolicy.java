package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;

/** Reads a whole policy that came with a request: one line of JSON or of YAML's flow style, without rules and variables. */
public final class SentPolicy {

    /** Longer ones are refused unread. */
    public static final int MOST_CHARACTERS = 4_096;

    private static final PolicyReader READER = new PolicyReader(new ConditionReader());

    private SentPolicy() {}

    /** Whether a header's value is a policy rather than the name of one. */
    public static boolean is(String text) {
        return text.startsWith("{");
    }

    /**
     * @throws IllegalArgumentException with line, column, reason and remedy
     */
    public static Policy read(String text, ParetoConfig config) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("the policy has " + text.length() + " characters; at most "
                    + MOST_CHARACTERS + " are read, so name one of the configuration instead");
        }
        if (text.contains("${")) {
            throw new IllegalArgumentException("variables are not read in a policy that is sent; write the value out");
        }
        Policy policy;
        try {
            policy = READER.sent(YamlParser.parse("policy", text, name -> null));
        } catch (YamlException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        for (AccuracyFloor floor : policy.constraints().accuracy()) {
            if (floor instanceof AccuracyFloor.Within within
                    && config.catalogue().find(within.reference()).isEmpty()) {
                throw new IllegalArgumentException("it compares with an unknown model '" + within.reference() + "'; "
                        + Nearest.remedy(within.reference().toString(), config.catalogue()
                                .models()
                                .stream()
                                .map(model -> model.id().toString())
                                .toList()));
            }
        }
        return policy;
    }
}
