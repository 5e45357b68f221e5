package dev.pareto.evals.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** The money of a verdict: what a thousand requests cost, what more evidence would, and the margin that follows from it. */
final class Economics {

    private static final double LARGEST_MARGIN = 0.05;

    private final Findings findings;
    private final Work work;

    Economics(Findings findings, Work work) {
        this.findings = findings;
        this.work = work;
    }

    static @Nullable Double cost(JsonNode side) {
        JsonNode cost = side.path("cost");
        return cost.isNull() || cost.isMissingNode() ? null : (Double) new BigDecimal(cost.asString()).doubleValue();
    }

    static String currency(JsonNode side) {
        return side.path("currency").asString("USD");
    }

    void check() {
        margin();
        BigDecimal ours = sum(work.used(), Pair::candidate);
        BigDecimal theirs = sum(work.used(), Pair::incumbent);
        boolean known = ours != null && theirs != null && oneCurrency();
        JsonNode stated = findings.at("economics");
        findings.holds("economics", known == stated.isObject(), stated.isObject() ? "known" : "unknown",
                known ? "known" : "unknown");
        more(known && ours != null && theirs != null ? ours.add(theirs) : null);
        if (!known || ours == null || theirs == null || !stated.isObject()) {
            return;
        }
        int n = work.used().size();
        findings.same("economics.currency", currency(work.used().getFirst().candidate()));
        findings.number("economics.candidate_per1k", ours.doubleValue() * 1000 / n);
        findings.number("economics.incumbent_per1k", theirs.doubleValue() * 1000 / n);
        findings.number("economics.saving_per1k", theirs.subtract(ours).doubleValue() * 1000 / n);
        findings.number("economics.saving_share",
                theirs.signum() == 0 ? null : 1 - ours.doubleValue() / theirs.doubleValue());
        JsonNode lower = findings.at("quality.interval.lower");
        findings.number("economics.extra_failures_per1k_at_most",
                lower.isNumber() ? 1000 * Math.max(0, -lower.doubleValue()) : null);
    }

    /** From the costs that were known beforehand; those of bare records are the records' own. */
    private void margin() {
        JsonNode money = findings.at("design.break_even");
        if (!money.isObject()) {
            return;
        }
        double fail = money.path("fail_cost").asDouble(Double.NaN);
        double point = (money.path("incumbent_cost").asDouble(Double.NaN)
                - money.path("candidate_cost").asDouble(Double.NaN)) / fail;
        findings.number("design.break_even.point", point);
        findings.number("design.margin", Math.min(point / 2, LARGEST_MARGIN));
        if (findings.at("design.margin_basis").asString("").endsWith("(mean costs of the records)")) {
            findings.number("design.break_even.candidate_cost", mean(Pair::candidate));
            findings.number("design.break_even.incumbent_cost", mean(Pair::incumbent));
        }
    }

    private @Nullable Double mean(Function<Pair, JsonNode> side) {
        BigDecimal sum = sum(work.records().all(), side);
        return sum == null ? null : (Double) (sum.doubleValue() / work.records().all().size());
    }

    private void more(@Nullable BigDecimal spent) {
        JsonNode needed = findings.at("quality.items_needed");
        JsonNode more = findings.at("more");
        findings.holds("more", needed.isNumber() == more.isObject(), more.toString(),
                needed.isNumber() ? "what more it takes" : "none");
        if (!needed.isNumber() || !more.isObject()) {
            return;
        }
        double items = needed.doubleValue() - work.used().size();
        findings.number("more.items", items);
        findings.number("more.cost", spent == null
                ? null
                : (Double) spent.multiply(BigDecimal.valueOf(items))
                        .divide(BigDecimal.valueOf(work.used().size()), 6, RoundingMode.HALF_EVEN)
                        .doubleValue());
    }

    private boolean oneCurrency() {
        return work.used()
                .stream()
                .flatMap(pair -> List.of(currency(pair.candidate()), currency(pair.incumbent())).stream())
                .distinct()
                .count() == 1;
    }

    /** Null when the cost of any is unknown. */
    private static @Nullable BigDecimal sum(List<Pair> pairs, Function<Pair, JsonNode> side) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Pair pair : pairs) {
            JsonNode cost = side.apply(pair).path("cost");
            if (cost.isNull() || cost.isMissingNode()) {
                return null;
            }
            sum = sum.add(new BigDecimal(cost.asString()));
        }
        return sum;
    }
}
