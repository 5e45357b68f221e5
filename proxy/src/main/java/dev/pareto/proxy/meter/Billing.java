package dev.pareto.proxy.meter;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostCalculator;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.ServiceTiers;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.usage.ReportedCost;
import dev.pareto.policies.price.usage.Served;
import dev.pareto.policies.price.usage.UsageNormaliser;
import dev.pareto.policies.price.UsageSource;
import dev.pareto.proxy.dialect.openai.Json;
import dev.pareto.proxy.dialect.openai.Observed;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Turns what was seen of an answer into usage and money. Thread-safe. */
public final class Billing {

    /** Where neither caller nor catalogue bounds the answer; only reservations use it. */
    private static final int UNBOUNDED_OUTPUT = 4_096;

    private static final int CHARACTERS_PER_TOKEN = 4;

    /** Beyond any model's context by far: a vendor that says more counts something else. */
    private static final BigDecimal MOST_TOKENS = BigDecimal.valueOf(100_000_000);

    private final Supplier<PriceBook> prices;
    private final CostCalculator calculator = new CostCalculator();
    private final UsageNormaliser normaliser = new UsageNormaliser();

    /** @param prices the book in force, asked for each time */
    public Billing(Supplier<PriceBook> prices) {
        this.prices = prices;
    }

    /**
     * @param usage null when nothing is known
     * @param source where the figures come from
     */
    record Used(@Nullable Usage usage, UsageSource source) {

        static final Used NOTHING = new Used(Usage.none(), UsageSource.NONE);
    }

    /** The worst case; null when the model has no price. */
    @Nullable
    Money reservation(MeteredRequest request, Model model, Instant when) {
        Money tokens = cost(new Usage(Map.of(Buckets.INPUT, tokens(request.promptTokens()), Buckets.OUTPUT,
                tokens(request.generates() ? maxOutput(request, model) : 0))), model, request.serviceTier(), when)
                .total();
        // a ranking may be sold by the search instead
        return tokens != null || request.generates()
                ? tokens
                : cost(new Usage(Map.of(Buckets.SEARCH_UNIT, BigDecimal.ONE)), model, request.serviceTier(), when)
                        .total();
    }

    /** What an own machine costs that works on a call as long as it may take; null where machines are not paid by the second. */
    @Nullable
    Money machineTime(Model model, Instant when, Duration limit) {
        return paysBySecond(model, when)
                ? cost(new Usage(Map.of(Buckets.GPU_SECOND, BigDecimal.valueOf(limit.toMillis(), 3))), model, null,
                        when)
                        .total()
                : null;
    }

    /**
     * What an answer used: the vendor's own figures where they can be, else an estimate from the text that was seen, marked as such.
     *
     * @param whole whether the answer came to its end
     */
    Used used(MeteredRequest request, Observed seen, boolean whole) {
        Usage told = told(request, seen.usageRaw());
        if (told != null && told.unknown().isEmpty()) {
            return new Used(told, whole ? UsageSource.VENDOR : UsageSource.VENDOR_PARTIAL);
        }
        long output = request.generates() ? Math.max(seen.events(), ceilTokens(seen.outputCharacters())) : 0;
        if (told == null) {
            return new Used(Usage.ofTokens(request.promptTokens(), output), UsageSource.ESTIMATED);
        }
        for (String bucket : told.unknown()) {
            told = told.plus(bucket, tokens(Buckets.isPrompt(bucket) ? request.promptTokens() : output));
        }
        return new Used(told, UsageSource.ESTIMATED_PARTIAL);
    }

    /** The vendor's own figures or nothing: a call that is not understood is not guessed at. */
    Used told(MeteredRequest request, Observed seen) {
        Usage told = told(request, seen.usageRaw());
        told = told == null || told.unknown().isEmpty() ? told : null;
        return new Used(told, told == null ? UsageSource.ESTIMATED : UsageSource.VENDOR);
    }

    Cost cost(Usage usage, Model model, @Nullable String tier, Instant when) {
        PriceBook book = prices.get();
        return calculator.cost(usage, book.at(model.priceSku(), ServiceTiers.effective(tier, null), when).orElse(null),
                when);
    }

    /**
     * What an answer costs in every sense. What was served is what is billed: the model that the answer names where the vendor sells it
     * under that name (unless the asked one has a price of its own), the tier and the region that it tells.
     */
    Bill bill(Usage usage, Model model, MeteredRequest request, Observed seen, Instant when) {
        PriceBook book = prices.get();
        Served served = served(seen);
        String sku = book.inRegion(sku(book, model, seen.model()), served.region());
        return calculator.bill(usage, book, sku, ServiceTiers.effective(served.tier(), request.serviceTier()), when,
                reported(seen.usageRaw()));
    }

    /** The tier and the region that an answer tells. */
    static Served served(Observed seen) {
        JsonNode usage = tree(seen.usageRaw());
        Served told = usage == null
                ? new Served(null, null)
                : Served.of(Json.mapper().createObjectNode().set("usage", usage));
        boolean fast = "fast".equals(told.tier());
        return new Served(fast || seen.serviceTier() == null ? told.tier() : seen.serviceTier(), told.region());
    }

    private static String sku(PriceBook book, Model model, @Nullable String served) {
        String other = model.id().vendor() + "/" + served;
        boolean own = !model.priceSku().equals(model.id().toString());
        return served == null || own || !book.skus().contains(other) ? model.priceSku() : other;
    }

    /** A vendor that reports an amount which is none is not believed. */
    private static @Nullable Money reported(@Nullable String usageRaw) {
        JsonNode usage = tree(usageRaw);
        try {
            return usage == null ? null : ReportedCost.of(usage);
        } catch (IllegalArgumentException noAmount) {
            return null;
        }
    }

    private static @Nullable JsonNode tree(@Nullable String usageRaw) {
        try {
            return usageRaw == null ? null : Json.mapper().readTree(usageRaw);
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    /** Whether a model's use of an own machine is charged by the second. */
    boolean paysBySecond(Model model, Instant when) {
        return prices.get()
                .at(model.priceSku(), PriceVersion.STANDARD, when)
                .filter(price -> price.bands().getFirst().prices().containsKey(Buckets.GPU_SECOND))
                .isPresent();
    }

    private @Nullable Usage told(MeteredRequest request, @Nullable String usageRaw) {
        if (usageRaw == null) {
            return null;
        }
        try {
            JsonNode raw = Json.mapper().readTree(usageRaw);
            Usage usage = normaliser.normalise(request.usageDialect(), raw);
            if (!request.generates() && usage.unknown().equals(Set.of(Buckets.OUTPUT))) {
                usage = usage.plus(Buckets.OUTPUT, BigDecimal.ZERO);
            }
            return plausible(usage) && !negative(raw) ? usage : null;
        } catch (JacksonException | IllegalArgumentException | ArithmeticException unreadable) {
            return null;
        }
    }

    private static boolean plausible(Usage usage) {
        return Stream.of(usage.quantities(), usage.information())
                .flatMap(counts -> counts.values().stream())
                .allMatch(count -> count.compareTo(MOST_TOKENS) <= 0 && count.stripTrailingZeros().scale() <= 0);
    }

    /** The normaliser counts a negative figure as zero; a bill must not rest on that. */
    private static boolean negative(JsonNode usage) {
        return usage.propertyStream()
                .anyMatch(member -> member.getValue().isObject()
                        ? negative(member.getValue())
                        : member.getKey().endsWith("tokens") && member.getValue().isNumber()
                                && member.getValue().decimalValue().signum() < 0);
    }

    /** Of all answers together. */
    private static long maxOutput(MeteredRequest request, Model model) {
        return request.answers() * maxOutputOfOne(request, model);
    }

    private static long maxOutputOfOne(MeteredRequest request, Model model) {
        Integer asked = request.maxOutputTokens();
        Integer possible = model.maxOutputTokens();
        if (asked == null) {
            return possible == null ? UNBOUNDED_OUTPUT : possible;
        }
        return Math.max(0, possible == null ? asked : Math.min(asked, possible));
    }

    public static long ceilTokens(long characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    private static BigDecimal tokens(long count) {
        return BigDecimal.valueOf(count);
    }
}
