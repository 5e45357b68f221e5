package dev.pareto.policies.price;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The unit prices that hold for whole requests from some prompt size on, and perhaps only at some hours.
 *
 * @param fromPromptTokens the smallest prompt (fresh, read and written tokens together) that pays these prices; a vendor's
 *            "above 200,000" is 200,001 here and "200,000 or more" is 200,000
 * @param hours the UTC hours at which it holds; empty means always
 * @param prices bucket id to price
 */
public record PriceBand(long fromPromptTokens, List<DailyHours> hours, SortedMap<String, UnitPrice> prices) {

    public PriceBand {
        if (fromPromptTokens < 0) {
            throw new IllegalArgumentException("fromPromptTokens is negative: " + fromPromptTokens);
        }
        hours = List.copyOf(hours);
        requireNonNull(prices, "prices is null");
        SortedMap<String, UnitPrice> copy = new TreeMap<>(Buckets.ORDER);
        copy.putAll(prices);
        prices = Collections.unmodifiableSortedMap(copy);
    }

    boolean holds(long promptTokens, Instant when) {
        // asked for every candidate of every decision, and most prices hold at any hour
        return promptTokens >= fromPromptTokens
                && (hours.isEmpty() || hours.stream().anyMatch(part -> part.contains(when)));
    }
}
