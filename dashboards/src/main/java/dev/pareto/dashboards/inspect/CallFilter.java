package dev.pareto.dashboards.inspect;

import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.store.Picos;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a list of calls is asked beside the question that all reports are asked.
 *
 * @param state null for any
 * @param min in picos; null for any cost
 * @param max in picos; null for any cost
 * @param dearest whether the dearest come first, instead of the newest
 * @param before the {@code next} of the page before; null for the first page
 */
record CallFilter(@Nullable AttemptState state, @Nullable Long min, @Nullable Long max, boolean dearest,
        @Nullable String before, int limit) {

    static final String[] NAMES = {"state", "min", "max", "order", "before", "limit"};

    /** From this cost on, in picos, calls have an index of their own: a tenth of a unit of money. */
    static final long DEAR = 100_000_000_000L;

    private static final int USUAL = 50;
    private static final int MOST = 200;

    static CallFilter of(Map<String, List<String>> given) {
        String order = single(given, "order", "newest");
        if (!order.equals("newest") && !order.equals("dearest")) {
            throw new IllegalArgumentException("order is newest or dearest");
        }
        Long min = amount(given, "min");
        boolean dearest = order.equals("dearest");
        return new CallFilter(state(single(given, "state", "")), dearest && min == null ? (Long) DEAR : min,
                amount(given, "max"), dearest, before(single(given, "before", "")),
                limit(single(given, "limit", Integer.toString(USUAL))));
    }

    CallFilter withLimit(int rows) {
        return new CallFilter(state, min, max, dearest, before, rows);
    }

    /** Whether the index of dear calls holds all that is asked for. */
    boolean dear() {
        return min != null && min >= DEAR;
    }

    private static @Nullable AttemptState state(String text) {
        if (text.isEmpty()) {
            return null;
        }
        return Arrays.stream(AttemptState.values())
                .filter(state -> state.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("state is one of "
                        + Arrays.stream(AttemptState.values())
                                .map(AttemptState::name)
                                .collect(Collectors.joining(", "))));
    }

    private static @Nullable Long amount(Map<String, List<String>> given, String name) {
        String text = single(given, name, "");
        if (text.isEmpty()) {
            return null;
        }
        try {
            if (text.length() > 24) {
                throw new NumberFormatException("longer than 24 characters");
            }
            return Picos.of(new BigDecimal(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is an amount of money such as 0.25", e);
        }
    }

    private static @Nullable String before(String text) {
        try {
            return text.isEmpty() ? null : UUID.fromString(text).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("before is the 'next' of the page before", e);
        }
    }

    private static int limit(String text) {
        int limit = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit is a number from 1 to " + MOST);
        }
        return limit;
    }

    static String single(Map<String, List<String>> given, String name, String otherwise) {
        List<String> values = given.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new IllegalArgumentException("state " + name + " once");
        }
        return values.isEmpty() ? otherwise : values.getFirst();
    }
}
