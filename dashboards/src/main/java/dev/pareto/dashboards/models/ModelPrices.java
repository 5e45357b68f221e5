package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.ask.Sheet;
import dev.pareto.dashboards.finance.Frame;
import dev.pareto.dashboards.prices.PriceBookView;
import dev.pareto.dashboards.report.Amount;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every model in use, what it costs by the book, what was paid, and how it did.
 *
 * @param total of all rows
 * @param rows dearest first; models of the configuration that nobody asked come last
 * @param comparable models with a price in force that another one's use can be laid at
 * @param opened the one that was asked for; null for none
 */
public record ModelPrices(Frame frame, Use total, List<Row> rows, List<String> comparable, @Nullable Opened opened)
        implements
            Report {

    public ModelPrices {
        rows = List.copyOf(rows);
        comparable = List.copyOf(comparable);
    }

    /**
     * What was used and paid. Corrections, which belong to no call, are in none of it.
     *
     * @param success calls that ended well among those that vendors could answer: wrong requests and callers who left are no failure
     *            of theirs; null without any
     * @param cachedShare of the prompts' tokens, that were read from a cache
     * @param spend billed
     * @param list the same at the vendors' lists, as far as these are known; null where none is
     * @param unlisted the part of the spend whose list cost is not known
     * @param discount what was paid less than the list where that is known, as a fraction of it
     * @param perMillion what a million tokens cost, in and out together, own machines' time included
     * @param perMillionIn what prompts cost for each million of their tokens, cached ones among them; of models paid by the token
     * @param perMillionOut what answers cost for each million of their tokens
     */
    public record Use(long calls, long answered, long unpriced, @Nullable BigDecimal success, long inputTokens,
            long outputTokens, @Nullable BigDecimal cachedShare, Amount spend,
            @Nullable Amount list, Amount unlisted, @Nullable BigDecimal discount,
            @Nullable Amount perMillion, @Nullable Amount perMillionIn, @Nullable Amount perMillionOut) {}

    /**
     * @param sku what it is sold as
     * @param configured whether the configuration has it
     * @param open whether its weights are; null when nobody knows
     * @param price in force now; null when there is none
     * @param list the vendor's list, where {@code price} is another
     * @param callShare of all calls
     * @param spendShare of all spend
     * @param p50Millis to the whole answer, over all its calls of the period whatever is filtered but the model; within 2.5 %
     * @param findings what is odd about its price
     */
    public record Row(String model, String vendor, String sku, boolean configured, @Nullable Boolean open,
            PriceBookView.@Nullable Version price, PriceBookView.@Nullable Version list, Use use,
            @Nullable BigDecimal callShare, @Nullable BigDecimal spendShare, @Nullable Long p50Millis,
            @Nullable Long p95Millis, List<Note> findings) {

        public Row {
            findings = List.copyOf(findings);
        }
    }

    /** @param severity {@code error}, {@code warning} or {@code note} */
    public record Note(String severity, String message) {}

    /**
     * One model in full.
     *
     * @param history every version of its price, newest first within a tier
     * @param bought what was used of each bucket at each price
     * @param series by step
     * @param whatIf its use at another model's price; null when none was asked for
     */
    public record Opened(String model, String sku, List<PriceBookView.Version> history, List<Line> bought,
            List<String> steps, List<Point> series, @Nullable WhatIf whatIf) {

        public Opened {
            history = List.copyOf(history);
            bought = List.copyOf(bought);
            steps = List.copyOf(steps);
            series = List.copyOf(series);
        }
    }

    /**
     * What was bought of one bucket at one price.
     *
     * @param unitPrice null for lines without one
     * @param cost null where no price was known
     * @param list null where the vendor's list is not known
     * @param perMillion what a million units cost; null where that means nothing
     */
    public record Line(String bucket, BigDecimal quantity, @Nullable String unitPrice, @Nullable String per,
            String priceVersion, @Nullable Amount cost, @Nullable Amount list, @Nullable Amount perMillion) {}

    /** One step of time; null where no token was used. */
    public record Point(Amount spend, BigDecimal tokens, @Nullable Amount perMillion, @Nullable Amount perMillionIn,
            @Nullable Amount perMillionOut) {}

    /**
     * The same tokens at another price: arithmetic on lists, no forecast. Another model counts tokens differently, answers at another
     * length, and long prompts may pay more there.
     *
     * @param version of the price that is laid on
     * @param paid what the lines of {@code lines} did cost
     * @param would what they would have cost; null when one of them has no price there
     * @param difference {@code would - paid}
     * @param leftOut what was billed for things that have no quantity, such as reservations; in no sum here
     */
    public record WhatIf(String model, String sku, String version, Instant from, String source, List<Moved> lines,
            Amount paid, @Nullable Amount would, @Nullable Amount difference, @Nullable BigDecimal change,
            Amount leftOut) {

        public WhatIf {
            lines = List.copyOf(lines);
        }
    }

    /**
     * @param as the bucket whose price holds there; another one where that vendor does not tell them apart
     * @param would null when there is no price
     */
    public record Moved(String bucket, String as, BigDecimal quantity, Amount paid, @Nullable String unitPrice,
            @Nullable String per, @Nullable Amount would) {}

    @Override
    public Sheet sheet() {
        List<List<@Nullable Object>> lines = new ArrayList<>();
        for (Row row : rows) {
            Use use = row.use();
            PriceBookView.Version price = row.price();
            lines.add(Sheet.row(row.model(), row.vendor(), row.sku(), price == null ? null : price.id(),
                    price == null ? null : price.basis(), price == null ? null : price.from().toString(),
                    of(price, "input"), of(price, "cache_read"), of(price, "output"), use.calls(), row.callShare(),
                    use.success(), row.p50Millis(), row.p95Millis(), use.inputTokens(), use.cachedShare(),
                    use.outputTokens(), use.spend().value(), value(use.list()), frame.currency(),
                    value(use.perMillion()), value(use.perMillionIn()), value(use.perMillionOut()), use.unpriced(),
                    row.findings().stream().map(Note::message).collect(Collectors.joining("; "))));
        }
        return new Sheet("models-and-prices",
                List.of("model", "vendor", "sold_as", "price_version", "basis", "since", "input_per_million",
                        "cache_read_per_million", "output_per_million", "calls", "call_share", "success", "p50_ms",
                        "p95_ms", "input_tokens", "cached_share", "output_tokens", "spend", "at_list", "currency",
                        "paid_per_million", "paid_per_million_in", "paid_per_million_out", "unpriced_calls",
                        "findings"),
                lines);
    }

    /** The price of a million of a bucket, for any prompt at any hour. */
    private static @Nullable BigDecimal of(PriceBookView.@Nullable Version version, String bucket) {
        return version == null
                ? null
                : version.prices()
                        .stream()
                        .filter(price -> price.bucket().equals(bucket) && price.fromPromptTokens() == 0
                                && price.hours().isEmpty() && price.per().equals("1000000"))
                        .findFirst()
                        .map(price -> new BigDecimal(price.price()))
                        .orElse(null);
    }

    private static @Nullable BigDecimal value(@Nullable Amount amount) {
        return amount == null ? null : amount.value();
    }
}
