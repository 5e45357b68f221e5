package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;
import java.math.BigDecimal;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Collects buckets while a dialect reads a vendor's figures; one per reading. Absent is not zero, a negative figure counts as zero and
 * is marked, and a figure that is no number is refused.
 */
final class Counts {

    /** Beyond any bill: a vendor that says more counts something else. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000_000_000L);
    private static final int FINEST = 9;

    private final TreeMap<String, BigDecimal> quantities = new TreeMap<>(Buckets.ORDER);
    private final TreeMap<String, BigDecimal> information = new TreeMap<>();
    private final TreeSet<String> derived = new TreeSet<>();
    private final TreeSet<String> unknown = new TreeSet<>();
    private boolean inconsistent;

    /** The first of these figures that is told; null when none is. */
    static @Nullable BigDecimal plain(JsonNode parent, String... keys) {
        for (String key : keys) {
            BigDecimal value = number(parent.path(key), key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** A whole number of tokens or pieces; null when it is not told. */
    @Nullable
    BigDecimal told(JsonNode parent, String... keys) {
        BigDecimal value = amount(parent, keys);
        if (value != null && value.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException(
                    String.join(" or ", keys) + " is " + value.toPlainString() + "; tokens and pieces come whole");
        }
        return value;
    }

    /** A number that may have a fraction, such as seconds; null when it is not told. */
    @Nullable
    BigDecimal amount(JsonNode parent, String... keys) {
        BigDecimal value = plain(parent, keys);
        if (value != null && value.signum() < 0) {
            inconsistent = true;
            return BigDecimal.ZERO;
        }
        return value;
    }

    /** The same, zero when it is not told. */
    BigDecimal of(JsonNode parent, String... keys) {
        BigDecimal value = told(parent, keys);
        return value == null ? BigDecimal.ZERO : value;
    }

    /** The largest of figures that should be the same; marked when they are not. */
    BigDecimal largest(@Nullable BigDecimal... figures) {
        BigDecimal largest = BigDecimal.ZERO;
        BigDecimal first = null;
        for (BigDecimal figure : figures) {
            if (figure != null && figure.signum() > 0) {
                inconsistent |= first != null && first.compareTo(figure) != 0;
                first = first == null ? figure : first;
                largest = largest.max(figure);
            }
        }
        return largest;
    }

    private static @Nullable BigDecimal number(JsonNode node, String key) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        BigDecimal value = null;
        if (node.isNumber()) {
            boolean finite = !(node.isDouble() || node.isFloat()) || Double.isFinite(node.doubleValue());
            value = finite ? node.decimalValue() : null;
        } else if (node.isString() && node.stringValue().matches("[-+]?\\d{1,18}(\\.\\d{1,18})?([eE][-+]?\\d{1,2})?")) {
            value = new BigDecimal(node.stringValue());
        }
        if (value == null) {
            throw no(node, key, "which is no count");
        }
        // The precision and scale are looked at first: 1e999999999 must not be written out.
        if (value.precision() - (long) value.scale() > 16 || value.abs().compareTo(MOST) > 0) {
            throw no(node, key, "which is beyond 1,000,000,000,000,000, the most that is counted");
        }
        if (value.scale() > 40 || value.stripTrailingZeros().scale() > FINEST) {
            throw no(node, key, "which is no count: it has more than " + FINEST + " decimals");
        }
        return value;
    }

    private static IllegalArgumentException no(JsonNode node, String key, String why) {
        String text = node.toString();
        return new IllegalArgumentException(
                key + " is " + text.substring(0, Math.min(40, text.length())) + ", " + why);
    }

    /** Puts a part of a whole into its own bucket, never more than is left of the whole, and returns what it took. */
    BigDecimal take(String bucket, BigDecimal wanted, BigDecimal left) {
        BigDecimal taken = wanted.max(BigDecimal.ZERO).min(left);
        inconsistent |= taken.compareTo(wanted) != 0;
        addUnlessZero(bucket, taken);
        return taken;
    }

    void put(String bucket, @Nullable BigDecimal quantity) {
        if (quantity != null) {
            quantities.merge(bucket, quantity, BigDecimal::add);
        }
    }

    void addUnlessZero(String bucket, @Nullable BigDecimal quantity) {
        if (quantity != null && quantity.signum() > 0) {
            put(bucket, quantity);
        }
    }

    /** Puts a figure that the dialect always tells; where it is missing the bucket is unknown, which is not zero. */
    void need(String bucket, @Nullable BigDecimal quantity) {
        if (quantity == null) {
            unknown.add(bucket);
        } else {
            put(bucket, quantity);
        }
    }

    /**
     * What a total leaves for a bucket that is not told.
     *
     * @param total null when there is none that surely holds this bucket and no other
     * @return null when it stays unknown
     */
    @Nullable
    BigDecimal rest(String bucket, @Nullable BigDecimal total, BigDecimal others) {
        if (total == null || total.compareTo(others) < 0) {
            inconsistent |= total != null;
            unknown.add(bucket);
            return null;
        }
        derived.add(bucket);
        return total.subtract(others);
    }

    void inform(String name, @Nullable BigDecimal value) {
        if (value != null) {
            information.put(name, value);
        }
    }

    /** Marks the figures when a thing that must hold does not. */
    void expect(boolean holds) {
        inconsistent |= !holds;
    }

    boolean isEmpty() {
        return quantities.isEmpty();
    }

    BigDecimal sum() {
        return quantities.entrySet()
                .stream()
                .filter(entry -> Buckets.isToken(entry.getKey()))
                .map(java.util.Map.Entry::getValue)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    Usage done() {
        return new Usage(quantities, information, inconsistent, derived, unknown);
    }
}
