package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What one attempt used, in disjoint buckets: every token is counted in exactly one.
 *
 * @param quantities bucket id (see {@link Buckets}) to quantity, in the order of a bill; never negative
 * @param information facts that are not billed by themselves because a bucket already holds them, e.g.
 *            {@code reasoning_tokens}
 * @param inconsistent whether the vendor's figures contradicted each other and were clamped
 * @param derived buckets that the vendor did not tell and its total gave away
 * @param unknown buckets that were used and that nobody counted; they have no quantity, and what they cost is unknown
 */
public record Usage(SortedMap<String, BigDecimal> quantities, SortedMap<String, BigDecimal> information,
        boolean inconsistent, Set<String> derived, Set<String> unknown) {

    /** Information: generated tokens that were reasoning; the output bucket already holds them. */
    public static final String REASONING_TOKENS = "reasoning_tokens";
    /** Information: generated tokens that the vendor itself calls text. */
    public static final String OUTPUT_TEXT_TOKENS = "output_text_tokens";
    /** Information: results of tools that were read beside the prompt; a prompt's bucket already holds them. */
    public static final String TOOL_PROMPT_TOKENS = "tool_prompt_tokens";

    public Usage {
        quantities = copy(quantities, "quantities");
        information = copy(information, "information");
        derived = Set.copyOf(derived);
        unknown = Set.copyOf(unknown);
    }

    /** What was used where every figure was told. */
    public Usage(SortedMap<String, BigDecimal> quantities, SortedMap<String, BigDecimal> information,
            boolean inconsistent) {
        this(quantities, information, inconsistent, Set.of(), Set.of());
    }

    public Usage(Map<String, BigDecimal> quantities) {
        this(new TreeMap<>(quantities), new TreeMap<>(), false);
    }

    public static Usage none() {
        return new Usage(Map.of());
    }

    /** Plain text in and out, the common case of estimates and local models. */
    public static Usage ofTokens(long input, long output) {
        return new Usage(Map.of(Buckets.INPUT, BigDecimal.valueOf(input), Buckets.OUTPUT, BigDecimal.valueOf(output)));
    }

    /** The same in other buckets. */
    Usage with(Map<String, BigDecimal> others) {
        return new Usage(new TreeMap<>(others), information, inconsistent, derived, unknown);
    }

    /** The same with this much more in a bucket, which is known from then on. */
    public Usage plus(String bucket, BigDecimal quantity) {
        SortedMap<String, BigDecimal> more = new TreeMap<>(quantities);
        more.merge(bucket, quantity, BigDecimal::add);
        Set<String> missing = new TreeSet<>(unknown);
        missing.remove(bucket);
        return new Usage(more, information, inconsistent, derived, missing);
    }

    /** What would have been used had there been no cache: what was read from one or written to one is fresh. */
    public Usage withoutCache() {
        SortedMap<String, BigDecimal> fresh = new TreeMap<>();
        quantities.forEach((bucket, quantity) -> fresh.merge(switch (bucket) {
            case Buckets.CACHE_READ, Buckets.CACHE_WRITE, Buckets.CACHE_WRITE_5M, Buckets.CACHE_WRITE_1H ->
                Buckets.INPUT;
            case Buckets.CACHE_READ_AUDIO -> Buckets.INPUT_AUDIO;
            case Buckets.CACHE_READ_IMAGE -> Buckets.INPUT_IMAGE;
            default -> bucket;
        }, quantity, BigDecimal::add));
        fresh.remove(Buckets.CACHE_STORAGE_TOKEN_HOUR);
        return with(fresh);
    }

    /** The quantity in a bucket, zero when the bucket is absent. */
    public BigDecimal quantity(String bucket) {
        return quantities.getOrDefault(bucket, BigDecimal.ZERO);
    }

    /** Every token that the model read: fresh, from a cache and written to a cache. */
    public long promptTokens() {
        return sum(Buckets::isPrompt);
    }

    /** The tokens whose number chooses the context band: the prompt's, without the results of tools that are read beside it. */
    public long contextTokens() {
        BigDecimal tools = information.getOrDefault(TOOL_PROMPT_TOKENS, BigDecimal.ZERO);
        return Math.max(0, promptTokens() - tools.longValueExact());
    }

    /** Every token that the model generated, reasoning included. */
    public long outputTokens() {
        return sum(Buckets::isOutput);
    }

    public long totalTokens() {
        return promptTokens() + outputTokens();
    }

    private long sum(Predicate<String> kind) {
        return quantities.entrySet()
                .stream()
                .filter(entry -> kind.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .longValueExact();
    }

    private static SortedMap<String, BigDecimal> copy(Map<String, BigDecimal> source, String name) {
        requireNonNull(source, name + " is null");
        SortedMap<String, BigDecimal> copy = new TreeMap<>(Buckets.ORDER);
        source.forEach((bucket, quantity) -> {
            if (quantity.signum() < 0) {
                throw new IllegalArgumentException("bucket " + bucket + " is negative: " + quantity.toPlainString());
            }
            copy.put(bucket, quantity);
        });
        return Collections.unmodifiableSortedMap(copy);
    }
}
