package dev.pareto.policies.sheet;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.sheet.Finding.Severity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks over price files for what reads well and is wrong all the same; each rule is a fault that was found in a public catalogue.
 * Pure but for the day it is told.
 */
public final class PriceLint {

    private static final int STALE_DAYS = 90;
    private static final BigDecimal FIFTH = new BigDecimal("0.2");
    private static final BigDecimal FIVEFOLD = BigDecimal.valueOf(5);

    private final LocalDate today;
    private final List<Finding> findings = new ArrayList<>();

    private PriceLint(LocalDate today) {
        this.today = today;
    }

    /**
     * @param today what past and stale are told by
     * @return findings, the worst first
     */
    public static List<Finding> check(List<PriceSheet> sheets, LocalDate today) {
        PriceLint lint = new PriceLint(today);
        sheets.forEach(lint::sheet);
        lint.names(sheets);
        return lint.findings.stream()
                .sorted(Comparator.comparing(Finding::severity).thenComparing(Finding::subject))
                .toList();
    }

    private void sheet(PriceSheet sheet) {
        if (sheet.checked().plusDays(STALE_DAYS).isBefore(today)) {
            find(Severity.WARNING, "stale", sheet.file(), "nobody checked it since " + sheet.checked());
        }
        for (PriceSheet.Entry entry : sheet.models()) {
            String sku = sheet.vendor() + "/" + entry.name();
            if (entry.deprecated() != null && !entry.deprecated().isAfter(today)) {
                find(Severity.WARNING, "deprecated", sku, "the vendor stopped serving it on " + entry.deprecated());
            }
            if (entry.agreedBy().size() < 2 && !entry.versions().isEmpty()) {
                find(Severity.NOTE, "one-source", sku,
                        entry.agreedBy().isEmpty()
                                ? "no catalogue reports the price"
                                : "only one catalogue reports the price");
            }
            entry.versions().forEach(version -> findings.addAll(VersionLint.check(version)));
            Map<String, List<PriceVersion>> bySku = entry.versions()
                    .stream()
                    .filter(version -> version.basis() != CostSource.CONTRACT)
                    .collect(Collectors.groupingBy(PriceVersion::sku));
            bySku.forEach((thing, versions) -> thing(thing, versions, entry.capabilities().contains("chat")));
        }
    }

    private void thing(String sku, List<PriceVersion> versions, boolean chat) {
        Map<String, List<PriceVersion>> byTier = versions.stream()
                .collect(Collectors.groupingBy(PriceVersion::serviceTier));
        byTier.forEach((tier, line) -> time(sku + ":" + tier, line.stream()
                .sorted(Comparator.comparing(PriceVersion::validFrom))
                .toList()));
        List<PriceVersion> standard = byTier.getOrDefault(PriceVersion.STANDARD, List.of());
        for (PriceVersion version : versions) {
            PriceBand band = version.bands().getFirst();
            if (chat && band.prices().containsKey(Buckets.INPUT) != band.prices().containsKey(Buckets.OUTPUT)) {
                find(Severity.ERROR, "one-sided", version.id(),
                        "a chat model needs a price for input and one for output");
            }
            if (!version.serviceTier().equals(PriceVersion.STANDARD)) {
                standard.stream()
                        .filter(other -> other.holdsAt(version.validFrom()))
                        .max(Comparator.comparing(PriceVersion::validFrom))
                        .ifPresentOrElse(other -> tier(version, band, other.bands().getFirst()),
                                () -> find(Severity.WARNING, "tier-alone", version.id(),
                                        "there is no standard price beside it"));
            }
        }
    }

    private void time(String line, List<PriceVersion> versions) {
        Instant now = today.atStartOfDay(ZoneOffset.UTC).toInstant();
        for (int i = 0; i < versions.size(); i++) {
            Instant end = versions.get(i).validTo();
            boolean last = i + 1 == versions.size();
            if (end != null && !last && end.isBefore(versions.get(i + 1).validFrom())) {
                find(Severity.WARNING, "gap", line,
                        "no price holds between " + end + " and " + versions.get(i + 1).validFrom());
            }
            if (end != null && last && !end.isAfter(now)) {
                find(Severity.NOTE, "ended", line, "no price holds since " + end);
            }
            if (versions.get(i).validFrom().isAfter(now)) {
                find(Severity.NOTE, "upcoming", line, "the price changes on " + versions.get(i).validFrom());
            }
        }
    }

    private void tier(PriceVersion version, PriceBand band, PriceBand standard) {
        if (band.prices().containsKey(Buckets.INPUT) != band.prices().containsKey(Buckets.OUTPUT)
                && standard.prices().containsKey(Buckets.INPUT) && standard.prices().containsKey(Buckets.OUTPUT)) {
            find(Severity.ERROR, "tier-one-sided", version.id(), "only one side of the tier has a price");
        }
        if (standard.prices().containsKey(Buckets.CACHE_READ) && !band.prices().containsKey(Buckets.CACHE_READ)) {
            find(Severity.NOTE, "tier-cache", version.id(), "cached tokens have no price in this tier");
        }
        boolean equal = true;
        for (String bucket : List.of(Buckets.INPUT, Buckets.OUTPUT)) {
            BigDecimal ratio = ratio(band.prices().get(bucket), standard.prices().get(bucket));
            if (ratio == null) {
                continue;
            }
            equal &= ratio.compareTo(BigDecimal.ONE) == 0;
            boolean dear = version.serviceTier().equals("priority") || version.serviceTier().equals("fast");
            BigDecimal least = dear ? BigDecimal.ONE : FIFTH;
            BigDecimal most = dear ? FIVEFOLD : BigDecimal.ONE;
            if (ratio.compareTo(least) < 0 || ratio.compareTo(most) > 0) {
                find(Severity.WARNING, "tier-ratio", version.id(),
                        bucket + " costs " + ratio.stripTrailingZeros().toPlainString()
                                + " times the standard price");
            }
        }
        if (equal && band.prices().containsKey(Buckets.INPUT)) {
            find(Severity.WARNING, "tier-equal", version.id(), "it costs what the standard tier costs");
        }
    }

    private static @Nullable BigDecimal ratio(@Nullable UnitPrice tier, @Nullable UnitPrice standard) {
        return tier == null || standard == null || standard.price().signum() == 0
                ? null
                : tier.perMillion().divide(standard.perMillion(), 4, RoundingMode.HALF_EVEN);
    }

    /** A dated name that two models claim would be billed by whichever is found first. */
    private void names(List<PriceSheet> sheets) {
        Map<String, String> owners = new HashMap<>();
        for (PriceSheet sheet : sheets) {
            for (PriceSheet.Entry entry : sheet.models()) {
                List<String> names = new ArrayList<>(entry.aliases());
                names.add(entry.name());
                for (String name : names) {
                    String owner = owners.putIfAbsent(sheet.vendor() + "/" + name, entry.name());
                    if (owner != null && !owner.equals(entry.name())) {
                        find(Severity.ERROR, "name-twice", sheet.vendor() + "/" + name,
                                "it is a name of both " + owner + " and " + entry.name());
                    }
                }
            }
        }
    }

    private void find(Severity severity, String rule, String subject, String message) {
        findings.add(new Finding(severity, rule, subject, message));
    }
}
