package dev.pareto.dashboards.web;

import dev.pareto.dashboards.store.StoredSwap;
import dev.pareto.dashboards.store.StoredVerdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Joins swap states with verdicts; reads a verdict's record (schema {@code swap-verdict/1}) leniently. */
final class VerdictRows {

    private VerdictRows() {}

    static List<VerdictPanel.Row> of(List<StoredSwap> swaps, List<StoredVerdict> newest, Instant now) {
        List<StoredVerdict> left = new ArrayList<>(newest);
        List<VerdictPanel.Row> rows = new ArrayList<>();
        for (StoredSwap swap : swaps) {
            if (!swap.key().segment().isEmpty()) {
                continue; // a part's own life is on the page of swaps
            }
            Optional<StoredVerdict> verdict = left.stream().filter(one -> concerns(one, swap)).findFirst();
            verdict.ifPresent(left::remove);
            rows.add(row(swap, verdict.orElse(null), now));
        }
        left.forEach(verdict -> rows.add(row(null, verdict, now)));
        return rows.stream()
                .sorted(Comparator.comparing(VerdictPanel.Row::route).thenComparing(VerdictPanel.Row::candidate))
                .toList();
    }

    private static boolean concerns(StoredVerdict verdict, StoredSwap swap) {
        return verdict.route().equals(swap.route()) && verdict.candidate().equals(swap.candidate())
                && verdict.incumbent().equals(swap.incumbent());
    }

    private static VerdictPanel.Row row(@Nullable StoredSwap swap, @Nullable StoredVerdict verdict, Instant now) {
        if (verdict == null) {
            StoredSwap known = java.util.Objects.requireNonNull(swap);
            return new VerdictPanel.Row(known.route(), known.candidate().toString(), known.incumbent().toString(),
                    known.state(), known.since(), known.reason(), null, null, null, null, null, null, null, null, null,
                    null, false, false);
        }
        JsonNode json = parse(verdict.json());
        JsonNode quality = json.path("quality");
        return new VerdictPanel.Row(verdict.route(), verdict.candidate().toString(), verdict.incumbent().toString(),
                swap == null ? "UNDECIDED" : swap.state(), swap == null ? null : swap.since(),
                swap == null ? null : swap.reason(), verdict.id(), text(quality, "verdict"), text(json, "sentence"),
                number(json.path("design").path("margin")), number(quality.path("diff")),
                bound(quality, 0, "lower"),
                bound(quality, 1, "upper"),
                json.path("data").path("n").isIntegralNumber() ? (Long) json.path("data").path("n").longValue() : null,
                verdict.createdAt(), verdict.expiresAt(), !now.isBefore(verdict.expiresAt()), verdict.simulated());
    }

    /** An interval is written as a pair or as an object; a sequential verdict may have one bound alone. */
    private static @Nullable Double bound(JsonNode quality, int index, String name) {
        JsonNode interval = quality.path("interval");
        if (interval.isArray()) {
            return number(interval.path(index));
        }
        return number(interval.isObject() ? interval.path(name) : quality.path(name));
    }

    private static JsonNode parse(String json) {
        try {
            return JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.path(field).asStringOpt().orElse(null);
    }

    private static @Nullable Double number(JsonNode node) {
        return node.isNumber() ? (Double) node.doubleValue() : null;
    }
}
