package dev.pareto.policies.sheet;

import dev.pareto.policies.price.ExchangeRates;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads a file of dated rates: {@code base}, {@code source}, and under {@code rates} each day's currencies. */
public final class ExchangeRatesReader {

    private static final Fields.Shape RATES = Fields.Shape.of("exchange rates", "base", "source", "rates");

    /** @throws YamlException when a day or a rate cannot be read */
    public ExchangeRates read(Tree tree) {
        Fields file = Fields.of(tree, RATES);
        String base = file.required("base");
        String source = file.required("source");
        Tree rates = file.tree("rates");
        if (rates == null) {
            throw new YamlException(file.place(), "exchange rates need 'rates'", "write 2026-11-20: {EUR: 0.9173}");
        }
        Map<LocalDate, Map<String, BigDecimal>> days = new TreeMap<>();
        Fields.named(rates, "rates").forEach((day, entry) -> {
            Map<String, BigDecimal> currencies = new HashMap<>();
            Fields.named(entry.value(), "a day's rates")
                    .forEach((currency, rate) -> currencies.put(currency,
                            Fields.scalar(rate.value(), currency, Units::decimal)));
            days.put(Fields.at(entry.keyPlace(), "day", () -> day(day)), currencies);
        });
        return Fields.at(file.place(), "exchange rates", () -> new ExchangeRates(base, days, source));
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("write a day such as 2026-11-20, not '" + text + "'", e);
        }
    }
}
