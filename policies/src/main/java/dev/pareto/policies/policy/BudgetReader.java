package dev.pareto.policies.policy;

import dev.pareto.policies.budget.BudgetPeriod;
import dev.pareto.policies.budget.BudgetPeriod.Every;
import dev.pareto.policies.budget.BudgetPlan;
import dev.pareto.policies.budget.BudgetScope;
import dev.pareto.policies.budget.WhenUsedUp;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what may be spent. */
final class BudgetReader {

    private final Map<String, Route> routes;
    private final SecretReader secrets;
    private final Map<String, BudgetPlan> budgets = new LinkedHashMap<>();

    BudgetReader(Map<String, Route> routes, SecretReader secrets) {
        this.routes = routes;
        this.secrets = secrets;
    }

    List<BudgetPlan> budgets() {
        return List.copyOf(budgets.values());
    }

    void read(String name, Tree.Entry entry) {
        Fields fields = Fields.of(entry.value(), Shapes.BUDGET);
        BudgetScope scope = scope(fields);
        Money amount = fields.read("amount", Units::money);
        if (amount == null) {
            throw new YamlException(fields.place(), "budget " + name + " has no amount",
                    "write what may be spent in a period, e.g. amount: 500 USD");
        }
        BudgetPeriod period = period(fields);
        List<BigDecimal> thresholds = fields.has("at")
                ? fields.list("at", text -> BigDecimal.valueOf(Units.share(text)))
                : BudgetPlan.USUAL_THRESHOLDS;
        WhenUsedUp then = fields.has("when-used-up")
                ? choice(fields, "when-used-up", WhenUsedUp.values(), WhenUsedUp::text)
                : WhenUsedUp.REFUSE;
        List<ModelId> instead = fields.list("downgrade-to", this::models)
                .stream()
                .flatMap(List::stream)
                .distinct()
                .toList();
        Money unpriced = "refuse".equals(fields.text("unpriced")) ? null : fields.read("unpriced", Units::money);
        boolean refuseUnknown = unknown(fields.text("when-unknown", "refuse"), fields);
        Secret webhook = secrets.read(fields.tree("webhook"), "webhook");
        BudgetPlan budget = Fields.at(fields.place(), "budget " + name,
                () -> new BudgetPlan(name, scope, amount, period,
                        thresholds, then, instead, unpriced, refuseUnknown, webhook));
        if (budgets.putIfAbsent(name, budget) != null) {
            throw new YamlException(entry.keyPlace(), "budget '" + name + "' is given twice", "");
        }
    }

    private static boolean unknown(String text, Fields fields) {
        return switch (text) {
            case "refuse" -> true;
            case "allow" -> false;
            default -> throw new YamlException(fields.place("when-unknown"),
                    "'when-unknown': write refuse or allow, not '" + text + "'", "");
        };
    }

    private BudgetScope scope(Fields budget) {
        Tree tree = budget.tree("scope");
        if (tree == null) {
            throw new YamlException(budget.place(), "the budget says nothing of whose calls it is about",
                    "write scope: {team: search} or scope: all");
        }
        if (tree instanceof Tree.Scalar scalar && scalar.text().equals("all")) {
            return BudgetScope.ALL;
        }
        Fields fields = Fields.of(tree, Shapes.BUDGET_SCOPE);
        Map<String, List<String>> any = new LinkedHashMap<>();
        put(any, "tag." + BudgetScope.KEY_TAG, fields.list("key", text -> text));
        put(any, "tag.team", fields.list("team", text -> text));
        put(any, "tag.project", fields.list("project", text -> text));
        fields.list("tag", BudgetReader::tag)
                .forEach(tag -> any.merge("tag." + tag.getKey(), List.of(tag.getValue()),
                        (one, more) -> Stream.concat(one.stream(), more.stream()).toList()));
        put(any, "tenant", fields.list("tenant", text -> text));
        put(any, "route", fields.list("route", text -> text));
        put(any, "model", fields.list("model", text -> ModelId.parse(text).toString()));
        put(any, "vendor", fields.list("vendor", text -> text));
        if (any.isEmpty()) {
            throw new YamlException(tree.place(), "the scope names nobody",
                    "write scope: {team: search} or scope: all");
        }
        return Fields.at(tree.place(), "'scope'", () -> new BudgetScope(any));
    }

    private static void put(Map<String, List<String>> any, String dimension, List<String> values) {
        if (!values.isEmpty()) {
            any.merge(dimension, values, (one, more) -> Stream.concat(one.stream(), more.stream()).toList());
        }
    }

    private static Map.Entry<String, String> tag(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new IllegalArgumentException("write a tag as name=value, not '" + text + "'");
        }
        return Map.entry(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }

    private static BudgetPeriod period(Fields fields) {
        Every every = fields.has("per") ? choice(fields, "per", Every.values(), Every::text) : Every.MONTH;
        ZoneId zone = fields.read("zone", BudgetReader::zone);
        ZoneId midnights = zone == null ? ZoneId.of("UTC") : zone;
        BudgetPeriod usual = Fields.at(fields.place("zone"), "'zone'", () -> BudgetPeriod.every(every, midnights));
        if (!fields.has("starts")) {
            return usual;
        }
        BudgetPeriod started = fields.read("starts", text -> switch (every) {
            case DAY -> throw new IllegalArgumentException("a day starts at its midnight; leave 'starts' out");
            case WEEK -> new BudgetPeriod(every, weekDay(text), 1, null, midnights);
            case MONTH -> new BudgetPeriod(every, DayOfWeek.MONDAY, Units.count(text), null, midnights);
            case TOTAL -> new BudgetPeriod(every, DayOfWeek.MONDAY, 1, date(text), midnights);
        });
        return started == null ? usual : started;
    }

    static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "there is no time zone '" + text + "'; write a name such as Europe/Berlin or UTC", unknown);
        }
    }

    private static DayOfWeek weekDay(String text) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> day.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a week starts on a day such as monday, not on '" + text + "'"));
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException wrong) {
            throw new IllegalArgumentException("write the first day, such as 2026-01-01, not '" + text + "'", wrong);
        }
    }

    /** A model, or the candidates of the route of that name. */
    private List<ModelId> models(String text) {
        Route route = routes.get(text);
        if (route != null) {
            return route.candidates();
        }
        if (!text.contains("/")) {
            throw new IllegalArgumentException("'" + text + "' is neither a route nor a model vendor/name"
                    + Nearest.to(text, routes.keySet()).map(near -> "; did you mean '" + near + "'?").orElse(""));
        }
        return List.of(ModelId.parse(text));
    }

    private static <T> T choice(Fields fields, String key, T[] all, Function<T, String> name) {
        T found = fields.read(key, text -> Arrays.stream(all)
                .filter(one -> name.apply(one).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("write "
                        + Arrays.stream(all).map(name).collect(Collectors.joining(", ")) + ", not '" + text + "'")));
        return Objects.requireNonNull(found, "asked only where the key is given");
    }
}
