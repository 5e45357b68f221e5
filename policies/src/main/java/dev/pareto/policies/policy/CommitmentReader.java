package dev.pareto.policies.policy;

import dev.pareto.policies.budget.Commitment;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what spend contracts commit to. */
final class CommitmentReader {

    private static final String WHOLE = "/*";

    private final Set<String> vendors;
    private final Map<String, Commitment> commitments = new LinkedHashMap<>();

    CommitmentReader(Set<String> vendors) {
        this.vendors = vendors;
    }

    List<Commitment> commitments() {
        return List.copyOf(commitments.values());
    }

    void read(String name, Tree.Entry entry) {
        Fields fields = Fields.of(entry.value(), Shapes.COMMITMENT);
        Set<String> whole = new LinkedHashSet<>();
        Set<ModelId> models = new LinkedHashSet<>();
        for (String text : fields.list("models", this::known)) {
            if (text.endsWith(WHOLE)) {
                whole.add(text.substring(0, text.length() - WHOLE.length()));
            } else {
                models.add(ModelId.parse(text));
            }
        }
        Money amount = stated(fields, name, "amount", fields.read("amount", Units::money), "5000 USD");
        LocalDate from = stated(fields, name, "from", fields.read("from", CommitmentReader::day), "2026-01-01");
        LocalDate to = stated(fields, name, "to", fields.read("to", CommitmentReader::day), "2026-12-31");
        if (!"month".equals(fields.text("per", "month"))) {
            throw new YamlException(fields.place("per"), "'per': a commitment is for a month", "write per: month");
        }
        ZoneId stated = fields.read("zone", BudgetReader::zone);
        Commitment read = Fields.at(fields.place(), "commitment " + name, () -> Commitment.of(name, whole, models,
                amount, from, to, stated == null ? ZoneId.of("UTC") : stated));
        for (Commitment other : commitments.values()) {
            if (other.overlaps(read)) {
                throw new YamlException(entry.keyPlace(), "commitments '" + other.name() + "' and '" + name
                        + "' are about the same models at the same time, so nobody could say which one a call uses",
                        "give each its own models or its own time");
            }
        }
        if (commitments.putIfAbsent(name, read) != null) {
            throw new YamlException(entry.keyPlace(), "commitment '" + name + "' is given twice", "");
        }
    }

    /** A model or a whole vendor, of a vendor that is configured. */
    private String known(String text) {
        ModelId id = ModelId.parse(text);
        if (!vendors.contains(id.vendor())) {
            throw new IllegalArgumentException("unknown vendor '" + id.vendor() + "'"
                    + Nearest.to(id.vendor(), vendors).map(near -> "; did you mean '" + near + "'?").orElse(""));
        }
        return text;
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException("write a day such as 2026-01-01, not '" + text + "'", wrong);
        }
    }

    private static <T> T stated(Fields fields, String name, String key, @Nullable T value, String example) {
        if (value == null) {
            throw new YamlException(fields.place(), "commitment " + name + " has no '" + key + "'",
                    "write e.g. " + key + ": " + example);
        }
        return value;
    }
}
