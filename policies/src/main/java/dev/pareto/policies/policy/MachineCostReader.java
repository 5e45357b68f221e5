package dev.pareto.policies.policy;

import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.hosting.MachineCost;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code hourly-cost}: a rate such as {@code 2.10 USD}, or what makes it up. */
final class MachineCostReader {

    private static final Pattern POWER = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s*(W|kW)");

    private MachineCostReader() {}

    /** @return the rate; null when it is not given */
    static @Nullable Money read(@Nullable Tree tree) {
        if (tree == null) {
            return null;
        }
        if (tree instanceof Tree.Scalar) {
            return Fields.scalar(tree, "hourly-cost", Units::money);
        }
        Fields machine = Fields.of(tree, Shapes.MACHINE);
        Money capital = money(machine, "capital", null);
        if (capital == null) {
            throw new YamlException(machine.place(), "a machine needs 'capital'", "write capital: 30000 USD");
        }
        String currency = capital.currency();
        BigDecimal months = machine.read("life-months", Units::decimal);
        if (months == null) {
            throw new YamlException(machine.place(), "a machine needs 'life-months'", "write life-months: 36");
        }
        BigDecimal power = machine.read("power", MachineCostReader::kilowatts);
        BigDecimal pue = machine.read("pue", Units::decimal);
        return Fields.at(machine.place(), "hourly-cost",
                () -> new MachineCost(capital, orNothing(machine, "salvage", currency),
                        months.multiply(MachineCost.HOURS_A_MONTH), power == null ? BigDecimal.ZERO : power,
                        pue == null ? BigDecimal.ONE : pue, orNothing(machine, "electricity", currency),
                        orNothing(machine, "hosting", currency), orNothing(machine, "operations", currency))
                        .ratePerHour());
    }

    private static Money orNothing(Fields machine, String key, String currency) {
        Money money = money(machine, key, currency);
        return money == null ? Money.zero(currency) : money;
    }

    private static @Nullable Money money(Fields machine, String key, @Nullable String currency) {
        Money money = machine.read(key, Units::money);
        if (money != null
                && (money.amount().signum() < 0 || (currency != null && !money.currency().equals(currency)))) {
            throw new YamlException(machine.place(key),
                    "'" + key + "' must not be negative and in the capital's currency", "");
        }
        return money;
    }

    private static BigDecimal kilowatts(String text) {
        Matcher power = POWER.matcher(text);
        if (!power.matches()) {
            throw new IllegalArgumentException("write power such as 0.7 kW or 65 W, not '" + text + "'");
        }
        BigDecimal amount = new BigDecimal(power.group(1));
        return power.group(2).equals("kW") ? amount : amount.movePointLeft(3);
    }
}
