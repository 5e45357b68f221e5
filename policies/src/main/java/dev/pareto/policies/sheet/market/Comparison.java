package dev.pareto.policies.sheet.market;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.DailyHours;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.VersionLint;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds a quote against the price in force: what the catalogue leaves out stays as it is. Pure. */
final class Comparison {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final PriceBook book;
    private final Instant now;

    Comparison(PriceBook book, Instant now) {
        this.book = book;
        this.now = now;
    }

    /** The proposal that a quote makes; empty when the book has the same. */
    Optional<Proposal> propose(Quote quote, Proposal.Source source) {
        Instant from = quote.from();
        PriceVersion inForce = book.list(quote.sku(), quote.serviceTier(), from == null ? now : from).orElse(null);
        List<PriceBand> proposed = new ArrayList<>();
        List<Proposal.Change> changes = new ArrayList<>();
        List<PriceBand> known = inForce == null ? List.of() : inForce.bands();
        for (PriceBand band : quote.bands()) {
            PriceBand before = known.stream().filter(other -> same(other, band)).findFirst().orElse(null);
            SortedMap<String, UnitPrice> prices = new TreeMap<>(before == null ? new TreeMap<>() : before.prices());
            band.prices().forEach((bucket, price) -> {
                UnitPrice old = prices.get(bucket);
                if (old == null && bucket.equals(Buckets.OUTPUT_REASONING)
                        && price.equals(band.prices().get(Buckets.OUTPUT))) {
                    return; // reasoning that costs what the rest of the answer costs is not priced apart
                }
                if (old == null || old.perMillion().compareTo(price.perMillion()) != 0) {
                    changes.add(change(bucket, band, old, price));
                    prices.put(bucket, price);
                }
            });
            proposed.add(
                    new PriceBand(before == null ? band.fromPromptTokens() : before.fromPromptTokens(), band.hours(),
                            prices));
        }
        known.stream()
                .filter(band -> proposed.stream().noneMatch(other -> same(band, other)))
                .forEach(proposed::add);
        return changes.isEmpty()
                ? Optional.empty()
                : Optional.of(proposal(quote, inForce, proposed, changes, source));
    }

    /** Catalogues cannot say "or more": a size that differs by one is the same. */
    private static boolean same(PriceBand one, PriceBand other) {
        return Math.abs(one.fromPromptTokens() - other.fromPromptTokens()) <= 1 && one.hours().equals(other.hours());
    }

    private static Proposal.Change change(String bucket, PriceBand band, @Nullable UnitPrice before, UnitPrice after) {
        BigDecimal old = before == null
                ? null
                : before.price()
                        .multiply(after.per())
                        .divide(before.per(), 12, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros();
        BigDecimal percent = old == null || old.signum() == 0
                ? null
                : after.price().subtract(old).multiply(HUNDRED).divide(old, 1, RoundingMode.HALF_EVEN);
        return new Proposal.Change(bucket, band.fromPromptTokens(), old, after.price(), after.per(), percent);
    }

    private Proposal proposal(Quote quote, @Nullable PriceVersion inForce, List<PriceBand> bands,
            List<Proposal.Change> changes, Proposal.Source source) {
        List<Finding> findings = new ArrayList<>();
        try {
            findings.addAll(VersionLint
                    .check(new PriceVersion("proposal", quote.sku(), quote.serviceTier(), now, null, "USD", bands,
                            new TreeMap<>(), CostSource.LIST, source.toString())));
        } catch (IllegalArgumentException impossible) {
            findings.add(new Finding(Finding.Severity.ERROR, "impossible", quote.sku(),
                    String.valueOf(impossible.getMessage())));
        }
        if (oneSided(quote, bands)) {
            findings.add(new Finding(Finding.Severity.ERROR, "tier-one-sided", quote.sku() + ":" + quote.serviceTier(),
                    "only one side of the tier has a price"));
        }
        return new Proposal(id(quote, bands), quote.sku(), quote.serviceTier(), inForce == null ? null : inForce.id(),
                quote.from(), bands, changes, List.of(source), findings, Proposal.State.OPEN, now, null, null,
                null);
    }

    private boolean oneSided(Quote quote, List<PriceBand> bands) {
        boolean both = book.list(quote.sku(), PriceVersion.STANDARD, now)
                .filter(standard -> priced(standard.bands(), Buckets.INPUT) && priced(standard.bands(), Buckets.OUTPUT))
                .isPresent();
        return both && priced(bands, Buckets.INPUT) != priced(bands, Buckets.OUTPUT);
    }

    private static boolean priced(List<PriceBand> bands, String bucket) {
        return bands.stream().anyMatch(band -> band.prices().containsKey(bucket));
    }

    private static String id(Quote quote, List<PriceBand> bands) {
        StringBuilder text = new StringBuilder(quote.sku()).append('|')
                .append(quote.serviceTier())
                .append('|')
                .append(quote.from());
        for (PriceBand band : bands) {
            text.append('|').append(band.fromPromptTokens());
            for (DailyHours hours : band.hours()) {
                text.append(hours.from()).append('-').append(hours.to());
            }
            band.prices()
                    .forEach((bucket, price) -> text.append(' ')
                            .append(bucket)
                            .append('=')
                            .append(price.perMillion().stripTrailingZeros().toPlainString()));
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
