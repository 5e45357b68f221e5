package dev.pareto.policies.sheet;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.sheet.Finding.Severity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one price version shows by itself to be a slip: wrong units, noise, gaps between bands, caches the wrong way round. */
public final class VersionLint {

    private static final BigDecimal DEAREST_A_MILLION = BigDecimal.valueOf(1_000);
    private static final int FINEST_A_MILLION = 6;

    private final PriceVersion version;
    private final List<Finding> findings = new ArrayList<>();

    private VersionLint(PriceVersion version) {
        this.version = version;
    }

    public static List<Finding> check(PriceVersion version) {
        VersionLint lint = new VersionLint(version);
        PriceBand base = version.bands().getFirst();
        for (PriceBand band : version.bands()) {
            band.prices().forEach(lint::unit);
            lint.caches(band);
        }
        version.bands()
                .stream()
                .skip(1)
                .filter(band -> !band.prices().isEmpty())
                .forEach(band -> lint.step(base, band));
        lint.free(base);
        return List.copyOf(lint.findings);
    }

    private void unit(String bucket, UnitPrice price) {
        if (!Buckets.isToken(bucket)) {
            return;
        }
        BigDecimal million = price.perMillion();
        if (million.compareTo(DEAREST_A_MILLION) > 0) {
            find(Severity.ERROR, "dear-token", bucket + " costs " + million.stripTrailingZeros().toPlainString()
                    + " a million tokens, as if it were entered per token or per thousand");
        }
        if (million.stripTrailingZeros().scale() > FINEST_A_MILLION) {
            find(Severity.ERROR, "noise", bucket + " costs " + million.stripTrailingZeros().toPlainString()
                    + " a million tokens, which looks like the noise of a floating-point number");
        }
    }

    private void caches(PriceBand band) {
        BigDecimal input = million(band, Buckets.INPUT);
        BigDecimal read = million(band, Buckets.CACHE_READ);
        if (input != null && read != null && read.compareTo(input) > 0) {
            find(Severity.WARNING, "cache-read-dear", "a cached token costs more than a fresh one");
        }
        for (String bucket : List.of(Buckets.CACHE_WRITE, Buckets.CACHE_WRITE_5M, Buckets.CACHE_WRITE_1H)) {
            BigDecimal write = million(band, bucket);
            if (input != null && write != null && write.compareTo(input) < 0) {
                find(Severity.WARNING, "cache-write-cheap", bucket + " costs less than a fresh token");
            }
        }
        BigDecimal minutes = million(band, Buckets.CACHE_WRITE_5M);
        BigDecimal hour = million(band, Buckets.CACHE_WRITE_1H);
        if (minutes != null && hour != null && hour.compareTo(minutes) < 0) {
            find(Severity.WARNING, "cache-hour-cheap", "an hour in the cache costs less than five minutes");
        }
    }

    /** A band must price what the base prices, or a long prompt's cached tokens are unpriced. */
    private void step(PriceBand base, PriceBand band) {
        for (Map.Entry<String, UnitPrice> entry : base.prices().entrySet()) {
            UnitPrice higher = band.prices().get(entry.getKey());
            if (higher == null) {
                find(Severity.ERROR, "band-gap", entry.getKey() + " has no price " + words(band));
            } else if (band.hours().isEmpty() && Buckets.isToken(entry.getKey())
                    && higher.perMillion().compareTo(entry.getValue().perMillion()) < 0) {
                find(Severity.WARNING, "band-cheaper", entry.getKey() + " costs less " + words(band));
            }
        }
    }

    private static String words(PriceBand band) {
        String size = band.fromPromptTokens() == 0 ? "" : "from " + band.fromPromptTokens() + " prompt tokens on";
        return band.hours().isEmpty() ? size : (size + " at some hours").strip();
    }

    private void free(PriceBand base) {
        boolean free = base.prices().values().stream().allMatch(price -> price.price().signum() == 0);
        if (free && version.basis() == CostSource.LIST) {
            find(Severity.WARNING, "free", "everything costs nothing; write basis: zero_rated where that is meant");
        }
    }

    private static @Nullable BigDecimal million(PriceBand band, String bucket) {
        UnitPrice price = band.prices().get(bucket);
        return price == null ? null : price.perMillion();
    }

    private void find(Severity severity, String rule, String message) {
        findings.add(new Finding(severity, rule, version.id(), message));
    }
}
