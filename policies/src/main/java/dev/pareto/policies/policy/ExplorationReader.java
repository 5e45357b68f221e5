package dev.pareto.policies.policy;

import dev.pareto.policies.price.Money;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import org.jspecify.annotations.Nullable;

/** Reads a policy's {@code explore}. */
final class ExplorationReader {

    private ExplorationReader() {}

    static @Nullable Exploration read(@Nullable Tree tree) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.EXPLORE);
        Tree budget = fields.tree("budget");
        Fields spent = budget == null ? null : Fields.of(budget, Shapes.EXPLORE_BUDGET);
        Money cap = spent == null ? null : spent.read("at-most", Units::money);
        if (spent != null && cap == null) {
            throw new YamlException(spent.place(), "a budget needs 'at-most'", "write {at-most: 20 USD, per: day}");
        }
        Exploration.Period period = spent == null ? null : spent.read("per", ExplorationReader::period);
        return Fields.at(fields.place(), "explore", () -> new Exploration(
                fields.share("share", Exploration.DEFAULT_SHARE),
                fields.has("accuracy-at-least") ? (Double) fields.share("accuracy-at-least", 0) : null, cap,
                period == null ? Exploration.Period.DAY : period,
                fields.duration("labels-within", Exploration.DEFAULT_LABELS_WITHIN)));
    }

    private static Exploration.Period period(String text) {
        return switch (text) {
            case "day" -> Exploration.Period.DAY;
            case "month" -> Exploration.Period.MONTH;
            default -> throw new IllegalArgumentException("write day or month, not '" + text + "'");
        };
    }
}
