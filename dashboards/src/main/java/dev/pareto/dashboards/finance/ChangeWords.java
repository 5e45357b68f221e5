package dev.pareto.dashboards.finance;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says why spend changed as a person would. */
final class ChangeWords {

    private static final int REASONS = 3;
    private static final BigDecimal SMALL = new BigDecimal("0.05");

    private ChangeWords() {}

    static String of(String currency, @Nullable BigDecimal change, BigDecimal difference, List<Changes.Driver> drivers,
            long requests) {
        if (difference.signum() == 0 && drivers.stream().allMatch(driver -> driver.amount().value().signum() == 0)) {
            return "Spend did not change.";
        }
        boolean rose = difference.signum() >= 0;
        String by = change == null
                ? "from nothing to " + amount(difference, currency)
                : change.movePointRight(2).abs().setScale(1, RoundingMode.HALF_EVEN) + " % ("
                        + amount(difference, currency) + ")";
        String head = "Spend " + (rose ? "rose" : "fell") + (change == null ? " " : " by ") + by;
        String because = reasons(drivers, rose, currency, requests);
        String against = reasons(drivers, !rose, currency, requests);
        return head + (because.isEmpty() ? "" : " because " + because) + "."
                + (against.isEmpty() ? "" : " Against that, " + against + ".");
    }

    /** The largest effects of one direction, without those that hardly matter beside the largest of all. */
    private static String reasons(List<Changes.Driver> drivers, boolean up, String currency, long requests) {
        BigDecimal largest = drivers.stream()
                .map(driver -> driver.amount().value().abs())
                .reduce(BigDecimal.ZERO, BigDecimal::max);
        List<String> told = drivers.stream()
                .filter(driver -> driver.amount().value().signum() == (up ? 1 : -1))
                .filter(driver -> driver.amount().value().abs().compareTo(largest.multiply(SMALL)) >= 0)
                .sorted(Comparator.comparing((Changes.Driver driver) -> driver.amount().value().abs()).reversed())
                .limit(REASONS)
                .map(driver -> words(driver.effect(), up, requests) + " ("
                        + amount(new BigDecimal(driver.shown()), currency) + ")")
                .toList();
        return told.size() < 2
                ? String.join("", told)
                : told.stream().limit(told.size() - 1L).collect(Collectors.joining(", ")) + " and " + told.getLast();
    }

    private static String words(Effect effect, boolean up, long requests) {
        return switch (effect) {
            case VOLUME -> (requests == 0 ? "as many" : String.format(Locale.ROOT, "%,d %s", Math.abs(requests), up ? "more" : "fewer"))
                    + " requests came";
            case PROMPTS -> up ? "prompts grew longer" : "prompts grew shorter";
            case ANSWERS -> up ? "answers grew longer" : "answers grew shorter";
            case PRICE -> up ? "prices rose" : "prices fell";
            case CACHE -> up ? "less was read from caches" : "more was read from caches";
            case MIX -> up ? "traffic moved to dearer models" : "traffic moved to cheaper models";
            case WASTE -> up ? "more was spent on calls without an answer" : "less was spent on calls without an answer";
            case OVERHEAD -> up ? "more was spent on shadows and judges" : "less was spent on shadows and judges";
            case ADJUSTMENTS -> up ? "corrections added to it" : "corrections took from it";
        };
    }

    private static String amount(BigDecimal amount, String currency) {
        BigDecimal size = amount.abs().stripTrailingZeros();
        String digits = size.compareTo(BigDecimal.ONE) >= 0 || size.signum() == 0
                ? String.format(Locale.ROOT, "%,.2f", size)
                : size.toPlainString();
        return (amount.signum() < 0 ? "−" : "+") + digits + " " + currency;
    }
}
