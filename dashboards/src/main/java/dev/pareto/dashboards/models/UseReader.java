package dev.pareto.dashboards.models;

import dev.pareto.dashboards.ask.Dimension;
import dev.pareto.dashboards.ask.Filter;
import dev.pareto.dashboards.ask.Question;
import dev.pareto.dashboards.ask.Slice;
import dev.pareto.dashboards.ledger.LatencyBuckets;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Row;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what models did. Blocks. */
final class UseReader {

    private final LineReader lines;

    UseReader(LineReader lines) {
        this.lines = lines;
    }

    /** Which model, and whose. */
    record Key(String model, String vendor) {}

    /** Sums over calls. */
    record Calls(long calls, long answered, long unpriced, long settled, long failed, long input, long cached,
            long output,
            Amount spend, Amount list, Amount listed) {

        static final Calls NONE = new Calls(0, 0, 0, 0, 0, 0, 0, 0, Amount.ZERO, Amount.ZERO,
                Amount.ZERO);

        Calls plus(Calls other) {
            return new Calls(calls + other.calls, answered + other.answered, unpriced + other.unpriced,
                    settled + other.settled, failed + other.failed, input + other.input, cached + other.cached,
                    output + other.output, spend.plus(other.spend), list.plus(other.list),
                    listed.plus(other.listed));
        }

        static Calls read(Row row) {
            return new Calls(row.getLong("attempts"), row.getLong("answered"), row.getLong("unpriced"),
                    row.getLong("settled"), row.getLong("failed"), row.getLong("input_tokens"),
                    row.getLong("cache_read_tokens"), row.getLong("output_tokens"), LineReader.amount(row, "cost"),
                    LineReader.amount(row, "list"), LineReader.amount(row, "listed"));
        }

        ModelPrices.Use use(Paid paid) {
            Amount saved = list.minus(listed);
            return new ModelPrices.Use(calls, answered, unpriced, share(settled, settled + failed), input, output,
                    share(cached, input), spend, Bought.knownList(list, listed, spend), spend.minus(listed),
                    saved.shareOf(list),
                    paid.perMillion(), paid.perMillionIn(), paid.perMillionOut());
        }
    }

    /**
     * What tokens cost, of lines whose price was known.
     *
     * @param machine cost of own machines' time, which buys prompts and answers alike
     * @param machineTokens what that time was spent on, in and out
     */
    record Paid(BigDecimal tokensIn, Amount in, BigDecimal tokensOut, Amount out, Amount machine,
            BigDecimal machineTokens) {

        static final Paid NOTHING = new Paid(BigDecimal.ZERO, Amount.ZERO, BigDecimal.ZERO, Amount.ZERO, Amount.ZERO,
                BigDecimal.ZERO);

        Paid plus(Bought line) {
            if (line.price() == null) {
                return this;
            }
            if (line.bucket().equals(Buckets.GPU_SECOND)) {
                return new Paid(tokensIn, in, tokensOut, out, machine.plus(line.cost()), machineTokens);
            }
            if (Buckets.isPrompt(line.bucket())) {
                return new Paid(tokensIn.add(line.quantity()), in.plus(line.cost()), tokensOut, out, machine,
                        machineTokens);
            }
            return Buckets.isOutput(line.bucket())
                    ? new Paid(tokensIn, in, tokensOut.add(line.quantity()), out.plus(line.cost()), machine,
                            machineTokens)
                    : this;
        }

        Paid plus(Paid other) {
            return new Paid(tokensIn.add(other.tokensIn), in.plus(other.in), tokensOut.add(other.tokensOut),
                    out.plus(other.out), machine.plus(other.machine), machineTokens.add(other.machineTokens));
        }

        /** One model's: where a machine's time was paid, nobody can tell prompts from answers. */
        Paid ofModel() {
            return machine.value().signum() == 0
                    ? this
                    : new Paid(BigDecimal.ZERO, Amount.ZERO, BigDecimal.ZERO, Amount.ZERO, machine.plus(in).plus(out),
                            machineTokens.add(tokensIn).add(tokensOut));
        }

        BigDecimal tokens() {
            return tokensIn.add(tokensOut).add(machineTokens);
        }

        @Nullable
        Amount perMillion() {
            return Bought.perMillion(in.plus(out).plus(machine), tokens());
        }

        @Nullable
        Amount perMillionIn() {
            return Bought.perMillion(in, tokensIn);
        }

        @Nullable
        Amount perMillionOut() {
            return Bought.perMillion(out, tokensOut);
        }
    }

    Map<Key, Calls> calls(Question question) {
        Map<Key, Calls> found = new LinkedHashMap<>();
        lines.query(Slice.hours(question.by(Dimension.MODEL), question.span()),
                from -> "SELECT model, vendor, SUM(attempts) AS attempts, SUM(answered) AS answered,"
                        + " SUM(unpriced) AS unpriced, SUM(settled) AS settled,"
                        + " SUM(failed + expired - refused) AS failed, SUM(input_tokens) AS input_tokens,"
                        + " SUM(cache_read_tokens) AS cache_read_tokens, SUM(output_tokens) AS output_tokens, "
                        + lines.sumWhere("currency = :book", "cost_pico", "cost") + ", "
                        + lines.listed() + " FROM " + from
                        + " GROUP BY model, vendor")
                .each(row -> {
                    found.merge(new Key(row.getString("model"), row.getString("vendor")), Calls.read(row), Calls::plus);
                });
        return found;
    }

    /** Histograms of the time to the whole answer, by model; of all callers, for they are kept by model alone. */
    Map<String, SortedMap<Integer, Long>> latencies(Question question) {
        List<Filter> models = question.filters()
                .stream()
                .filter(filter -> filter.dimension().equals(Dimension.MODEL))
                .toList();
        Question asked = new Question(question.period(), question.from(), question.to(), question.zone(),
                question.span(), question.compare(), question.before(), models, question.simulated(), List.of());
        Map<String, SortedMap<Integer, Long>> found = new HashMap<>();
        lines.plain(Slice.latencies(asked, question.span()),
                from -> "SELECT model, bucket, SUM(attempts) AS attempts FROM " + from
                        + " GROUP BY model, bucket")
                .each(row -> {
                    found.computeIfAbsent(row.getString("model"), model -> new TreeMap<>())
                            .merge(row.getInt("bucket"), row.getLong("attempts"), Long::sum);
                });
        return found;
    }

    static @Nullable Long quantile(Map<String, SortedMap<Integer, Long>> latencies, String model, double q) {
        SortedMap<Integer, Long> histogram = latencies.get(model);
        return histogram == null ? null : LatencyBuckets.quantileMillis(histogram, q);
    }

    static @Nullable BigDecimal share(long part, long whole) {
        return Bought.share(BigDecimal.valueOf(part), BigDecimal.valueOf(whole));
    }
}
