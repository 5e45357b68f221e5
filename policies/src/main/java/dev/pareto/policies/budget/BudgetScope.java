package dev.pareto.policies.budget;

import dev.pareto.policies.catalog.ModelId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose calls a budget is about: those that have one of the values of every dimension. Sums are kept by one tag at a time, so that
 * at most one dimension is a tag.
 *
 * @param any values by dimension, {@code tenant}, {@code route}, {@code model}, {@code vendor} or {@code tag.KEY}; empty for all calls
 */
public record BudgetScope(Map<String, List<String>> any) {

    /** All calls. */
    public static final BudgetScope ALL = new BudgetScope(Map.of());

    /** The tag under which a call's Pareto key is booked; only the gateway sets it. */
    public static final String KEY_TAG = "pareto-key";

    private static final String TAG = "tag.";
    private static final List<String> COLUMNS = List.of("tenant", "route", "model", "vendor");
    private static final int MOST_VALUES = 50;

    public BudgetScope {
        Map<String, List<String>> sorted = new LinkedHashMap<>();
        new TreeMap<>(any).forEach((dimension, values) -> sorted.put(dimension, checked(dimension, values)));
        if (sorted.keySet().stream().filter(name -> name.startsWith(TAG)).count() > 1) {
            throw new IllegalArgumentException(
                    "sums are kept by one tag at a time, so state one of key, team, project and tag");
        }
        any = Collections.unmodifiableMap(sorted);
    }

    private static List<String> checked(String dimension, List<String> values) {
        boolean tag = dimension.startsWith(TAG) && dimension.length() > TAG.length();
        if (!tag && !COLUMNS.contains(dimension)) {
            throw new IllegalArgumentException("calls are not divided by '" + dimension + "'");
        }
        if (values.isEmpty() || values.size() > MOST_VALUES || values.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(dimension + " has 1 to " + MOST_VALUES + " values, none of them empty");
        }
        return List.copyOf(values);
    }

    /** Whether a call counts. */
    public boolean covers(String tenant, Map<String, String> tags, String route, ModelId model) {
        for (Map.Entry<String, List<String>> one : any.entrySet()) {
            String value = value(one.getKey(), tenant, tags, route, model);
            if (value == null || !one.getValue().contains(value)) {
                return false;
            }
        }
        return true;
    }

    /** Whether calls of a tenant with these tags may count, whichever route and model serves them. */
    public boolean mayCover(String tenant, Map<String, String> tags) {
        return any.entrySet()
                .stream()
                .filter(one -> one.getKey().equals("tenant") || one.getKey().startsWith(TAG))
                .allMatch(one -> {
                    String value = one.getKey().equals("tenant")
                            ? tenant
                            : tags.get(one.getKey().substring(TAG.length()));
                    return value != null && one.getValue().contains(value);
                });
    }

    private static @Nullable String value(String dimension, String tenant, Map<String, String> tags, String route,
            ModelId model) {
        return switch (dimension) {
            case "tenant" -> tenant;
            case "route" -> route;
            case "model" -> model.toString();
            case "vendor" -> model.vendor();
            default -> tags.get(dimension.substring(TAG.length()));
        };
    }

    /** For people, e.g. {@code team search} or {@code all calls}. */
    public String told() {
        return any.isEmpty()
                ? "all calls"
                : any.entrySet()
                        .stream()
                        .map(one -> word(one.getKey()) + " " + String.join(" or ", one.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String word(String dimension) {
        return dimension.equals(TAG + KEY_TAG)
                ? "key"
                : dimension.startsWith(TAG) ? dimension.substring(TAG.length()) : dimension;
    }
}
