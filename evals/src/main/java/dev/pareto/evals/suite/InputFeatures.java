package dev.pareto.evals.suite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.grade.content.Languages;
import dev.pareto.policies.detect.InputMix;

import org.jspecify.annotations.Nullable;

/**
 * What a request is like, without what it says: its length, the language of the last thing that the user said, whether tools are offered.
 * The same of a suite's items and of live requests, so that the two can be held against each other.
 */
public final class InputFeatures {

    private static final int LANGUAGE_CHARACTERS = 4_096;
    private static final int[] LENGTHS = {64, 256, 1_024, 4_096, 16_384};
    private static final String UNKNOWN = "unknown";

    private InputFeatures() {}

    /** The value of each feature of a request; {@code messages} as in the OpenAI dialect. */
    public static Map<String, String> of(List<? extends Map<String, ?>> messages, boolean tools) {
        long length = 0;
        String last = "";
        for (Map<String, ?> message : messages) {
            String text = text(message.get("content"));
            length += text.length();
            last = "user".equals(message.get("role")) ? text : last;
        }
        String language = Languages.detect(last.substring(0, Math.min(last.length(), LANGUAGE_CHARACTERS)));
        return Map.of("length", length(length), "language", language == null ? UNKNOWN : language, "tools",
                tools ? "offered" : "none");
    }

    /** What the items are like, by stratum ({@code ""} for those without one), weighed as the suite weighs them. */
    public static Map<String, InputMix> of(Suite suite, List<Item> items) {
        boolean tools = suite.sampling().containsKey("tools");
        Map<String, Integer> sizes = new HashMap<>();
        items.forEach(item -> sizes.merge(stratum(item), 1, Integer::sum));
        Map<String, InputMix> mixes = new TreeMap<>();
        for (Item item : items) {
            String stratum = stratum(item);
            double weight = weight(suite, stratum, items.size(), sizes.getOrDefault(stratum, 1));
            if (weight > 0) {
                mixes.merge(stratum, InputMix.NONE.with(of(item.messages(), tools), weight), InputMix::plus);
            }
        }
        return mixes;
    }

    /** So that a stratum has its share of all items, whatever its size in the suite. */
    private static double weight(Suite suite, String stratum, int all, int here) {
        return suite.decision().grouping() instanceof Grouping.Strata strata && !strata.weights().isEmpty()
                ? strata.weights().getOrDefault(stratum, 0.0) * all / here
                : 1;
    }

    private static String stratum(Item item) {
        return item.stratum() == null ? "" : item.stratum();
    }

    private static String length(long characters) {
        int at = 0;
        while (at < LENGTHS.length && characters >= LENGTHS[at]) {
            at++;
        }
        return at == LENGTHS.length
                ? LENGTHS[at - 1] + " characters or more"
                : "below " + LENGTHS[at] + " characters";
    }

    private static String text(@Nullable Object content) {
        if (!(content instanceof List<?> parts)) {
            return content instanceof String text ? text : "";
        }
        List<String> texts = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof Map<?, ?> map && map.get("text") instanceof String text) {
                texts.add(text);
            }
        }
        return String.join("\n", texts);
    }
}
