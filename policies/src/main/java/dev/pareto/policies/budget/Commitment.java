package dev.pareto.policies.budget;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.budget.BudgetPeriod.Every;
import dev.pareto.policies.budget.BudgetPeriod.Window;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Spend that a contract commits to, paid whether it is used or not: until a month's calls to its models have cost the amount, one more
 * costs nothing. Its months begin on the day of the month on which it began.
 *
 * @param name in decisions and pages
 * @param vendors all of whose models count; empty where models are named
 * @param models that count; empty where vendors are named
 * @param amount of each month, in the book's currency
 * @param months how moments fall into its months
 * @param begins its first instant
 * @param ends the first instant after it
 */
public record Commitment(String name, Set<String> vendors, Set<ModelId> models, Money amount, BudgetPeriod months,
        Instant begins, Instant ends) {

    private static final int LAST_START = 28;

    public Commitment {
        requireNonNull(name, "name is null");
        vendors = Set.copyOf(vendors);
        models = Set.copyOf(models);
        if (vendors.isEmpty() == models.isEmpty()) {
            throw new IllegalArgumentException(vendors.isEmpty()
                    ? "a commitment names its models, e.g. models: [openai/*]"
                    : "a commitment is about whole vendors (openai/*) or about single models, not about both; write"
                            + " two commitments");
        }
        if (months.every() != Every.MONTH || !months.at(begins).from().equals(begins)
                || !months.at(ends).from().equals(ends) || !begins.isBefore(ends)) {
            throw new IllegalArgumentException("a commitment lasts for whole months of its own");
        }
        plan(name, scope(vendors, models), amount, months); // the bounds of a budget hold for it
    }

    /**
     * As it is written down.
     *
     * @param from the first day
     * @param to the last day, which ends one of its months
     * @param zone whose midnights are meant
     */
    public static Commitment of(String name, Set<String> vendors, Set<ModelId> models, Money amount, LocalDate from,
            LocalDate to, ZoneId zone) {
        if (from.getDayOfMonth() > LAST_START) {
            throw new IllegalArgumentException("from is on day 1 to " + LAST_START
                    + " of a month, which every month has, not " + from);
        }
        if (!to.isAfter(from) || to.plusDays(1).getDayOfMonth() != from.getDayOfMonth()) {
            throw new IllegalArgumentException("from " + from + " to " + to
                    + " are no whole months, and the amount is one of a month; the last day may be "
                    + endOfMonth(from, to));
        }
        BudgetPeriod months = new BudgetPeriod(Every.MONTH, DayOfWeek.MONDAY, from.getDayOfMonth(), null, zone);
        return new Commitment(name, vendors, models, amount, months, from.atStartOfDay(zone).toInstant(),
                to.plusDays(1).atStartOfDay(zone).toInstant());
    }

    /** The end of the month that the last day lies in, else of the first one. */
    private static LocalDate endOfMonth(LocalDate from, LocalDate to) {
        LocalDate last = to.isAfter(from) ? to : from;
        LocalDate first = last.getDayOfMonth() >= from.getDayOfMonth() ? last : last.minusMonths(1);
        return first.withDayOfMonth(from.getDayOfMonth()).plusMonths(1).minusDays(1);
    }

    private static BudgetScope scope(Set<String> vendors, Set<ModelId> models) {
        return vendors.isEmpty()
                ? new BudgetScope(Map.of("model", models.stream().map(ModelId::toString).sorted().toList()))
                : new BudgetScope(Map.of("vendor", vendors.stream().sorted().toList()));
    }

    private static BudgetPlan plan(String name, BudgetScope scope, Money amount, BudgetPeriod months) {
        return new BudgetPlan(name, scope, amount, months, List.of(), WhenUsedUp.WARN, List.of(), null, false, null);
    }

    /** How what it has taken is counted: as a budget that refuses nothing. */
    public BudgetPlan plan() {
        return plan(name, scope(vendors, models), amount, months);
    }

    /** The first day. */
    public LocalDate from() {
        return LocalDate.ofInstant(begins, months.zone());
    }

    /** The last day. */
    public LocalDate to() {
        return LocalDate.ofInstant(ends, months.zone()).minusDays(1);
    }

    /** Whether a moment lies in it. */
    public boolean holds(Instant at) {
        return !at.isBefore(begins) && at.isBefore(ends);
    }

    /** Whether calls to a model count, in its time. */
    public boolean covers(ModelId model) {
        return vendors.contains(model.vendor()) || models.contains(model);
    }

    /** Whether a call might count for both. */
    public boolean overlaps(Commitment other) {
        return begins.isBefore(other.ends) && other.begins.isBefore(ends)
                && (vendors.stream().anyMatch(other.vendors::contains) || models.stream().anyMatch(other::covers)
                        || other.models.stream().anyMatch(this::covers));
    }

    /** As the configuration names them, in order. */
    public List<String> covered() {
        List<String> all = new ArrayList<>();
        vendors.stream().sorted().forEach(vendor -> all.add(vendor + "/*"));
        models.stream().sorted().forEach(model -> all.add(model.toString()));
        return all;
    }

    /** For people, a sentence without a full stop. */
    public String told() {
        return "from " + from() + " to " + to() + " the first " + amount + " a month of calls to "
                + String.join(" and ", covered()) + " are paid whether they are made or not, so in decisions such a"
                + " call costs nothing until they are used, and its price after that";
    }
}
