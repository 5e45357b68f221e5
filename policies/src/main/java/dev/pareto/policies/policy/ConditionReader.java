package dev.pareto.policies.policy;

import dev.pareto.policies.condition.Condition;
import dev.pareto.policies.condition.Conditions;
import dev.pareto.policies.yaml.Fields;
import org.jspecify.annotations.Nullable;

/** Reads what a rule is about. The compiler is made where there is a rule at all. */
final class ConditionReader {

    private @Nullable Conditions conditions;

    Condition read(Fields rule) {
        String text = rule.required("when");
        return Fields.at(rule.place("when"), "'when'", () -> compiler().compile(text));
    }

    private Conditions compiler() {
        Conditions known = conditions;
        if (known == null) {
            known = new Conditions();
            conditions = known;
        }
        return known;
    }
}
