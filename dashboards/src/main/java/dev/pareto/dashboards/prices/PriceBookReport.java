package dev.pareto.dashboards.prices;

import dev.pareto.dashboards.prices.PriceBookView.State;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.market.Proposal;
import dev.pareto.policies.sheet.market.Proposals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Lays prices beside what was used lately. Effects are those on requests that paid the price that would change; long prompts and hours
 * at prices of their own count only where that price changes. Blocks.
 */
public final class PriceBookReport {

    private static final int DAYS = 30;
    private static final int MOST_DECIDED = 20;

    private final JdbcClient reads;
    private final Supplier<PriceBook> prices;
    private final InstantSource clock;
    private final String currency;

    public PriceBookReport(Store store, Supplier<PriceBook> prices, InstantSource clock, String currency) {
        this.reads = JdbcClient.create(store.reads());
        this.prices = prices;
        this.clock = clock;
        this.currency = currency;
    }

    /**
     * @param part of the name of what is sold; empty for everything that was used lately or changes soon
     * @param proposals open and decided
     */
    public PriceBookView view(String part, Proposals proposals) {
        Instant now = clock.instant();
        var used = new UsedQuantities(reads, now.minus(Duration.ofDays(DAYS)), now);
        PriceBook book = prices.get();
        Map<String, List<PriceVersion>> bySku = book.versions()
                .stream()
                .collect(Collectors.groupingBy(PriceVersion::sku, TreeMap::new, Collectors.toList()));
        List<PriceBookView.Sold> sold = bySku.entrySet()
                .stream()
                .filter(entry -> part.isEmpty()
                        ? used.spend(entry.getKey()).value().signum() != 0
                                || entry.getValue().stream().anyMatch(version -> version.validFrom().isAfter(now))
                        : entry.getKey().contains(part))
                .map(entry -> sold(entry.getKey(), entry.getValue(), used, now))
                .sorted(Comparator.comparing((PriceBookView.Sold one) -> one.spend().value()).reversed())
                .toList();
        return new PriceBookView(now, DAYS, currency, sold,
                proposals.open()
                        .stream()
                        .filter(proposal -> proposal.sku().contains(part))
                        .map(proposal -> proposed(proposal, used))
                        .sorted(Comparator.comparing(PriceBookReport::size).reversed())
                        .toList(),
                proposals.all()
                        .stream()
                        .filter(proposal -> proposal.sku().contains(part))
                        .flatMap(proposal -> decided(proposal).stream())
                        .sorted(Comparator.comparing(PriceBookView.Decided::at).reversed())
                        .limit(MOST_DECIDED)
                        .toList());
    }

    private static Optional<PriceBookView.Decided> decided(Proposal it) {
        Instant at = it.decidedAt();
        String by = it.decidedBy();
        return at == null || by == null
                ? Optional.empty()
                : Optional.of(new PriceBookView.Decided(it.id(), it.sku(), it.serviceTier(), changes(it),
                        it.state() == Proposal.State.ACCEPTED, at, by, it.reason()));
    }

    private static BigDecimal size(PriceBookView.Proposed proposed) {
        Amount effect = proposed.effect();
        return effect == null ? BigDecimal.ONE.negate() : effect.value().abs();
    }

    private static PriceBookView.Sold sold(String sku, List<PriceVersion> versions, UsedQuantities used, Instant now) {
        return new PriceBookView.Sold(sku, used.spend(sku),
                views(versions, now, version -> effect(version, versions, used, now)));
    }

    /** Every version of a thing sold as it stands at a moment, newest first within a service tier; without effects. */
    public static List<PriceBookView.Version> history(PriceBook book, String sku, Instant now) {
        return views(book.versions().stream().filter(version -> version.sku().equals(sku)).toList(), now,
                version -> null);
    }

    /** @param effect of a version that is still to come */
    private static List<PriceBookView.Version> views(List<PriceVersion> versions, Instant now,
            Function<PriceVersion, @Nullable Amount> effect) {
        List<PriceBookView.Version> views = new ArrayList<>();
        for (PriceVersion version : versions) {
            Instant end = end(version, versions);
            State state = version.validFrom().isAfter(now)
                    ? State.UPCOMING
                    : end != null && !end.isAfter(now) ? State.PAST : State.CURRENT;
            views.add(new PriceBookView.Version(version.id(), version.serviceTier(), version.validFrom(), end,
                    version.basis().id(), version.currency(), version.source(), state, prices(version),
                    state == State.UPCOMING ? effect.apply(version) : null));
        }
        views.sort(Comparator.comparing(PriceBookView.Version::tier)
                .thenComparing(Comparator.comparing(PriceBookView.Version::from).reversed()));
        return views;
    }

    /** Its own, or where the next of its line begins. */
    private static @Nullable Instant end(PriceVersion version, List<PriceVersion> versions) {
        return version.validTo() != null
                ? version.validTo()
                : versions.stream()
                        .filter(other -> other.serviceTier().equals(version.serviceTier())
                                && other.basis() == version.basis())
                        .map(PriceVersion::validFrom)
                        .filter(from -> from.isAfter(version.validFrom()))
                        .min(Comparator.naturalOrder())
                        .orElse(null);
    }

    private static List<PriceBookView.Price> prices(PriceVersion version) {
        List<PriceBookView.Price> prices = new ArrayList<>();
        for (PriceBand band : version.bands()) {
            String hours = band.hours()
                    .stream()
                    .map(part -> part.from() + "-" + part.to())
                    .collect(Collectors.joining(", "));
            band.prices()
                    .forEach((bucket, price) -> prices
                            .add(new PriceBookView.Price(bucket, band.fromPromptTokens(), hours,
                                    Money.plain(price.price()), Money.plain(price.per()))));
        }
        return prices;
    }

    private static @Nullable Amount effect(PriceVersion next, List<PriceVersion> versions, UsedQuantities used,
            Instant now) {
        Optional<PriceVersion> current = versions.stream()
                .filter(version -> version.serviceTier().equals(next.serviceTier()) && version.basis() == next.basis())
                .filter(version -> !version.validFrom().isAfter(now))
                .max(Comparator.comparing(PriceVersion::validFrom));
        if (current.isEmpty()) {
            return null;
        }
        Map<String, UnitPrice> before = base(current.get());
        BigDecimal sum = null;
        for (Map.Entry<String, UnitPrice> entry : base(next).entrySet()) {
            UnitPrice old = before.get(entry.getKey());
            if (old != null && old.per().compareTo(entry.getValue().per()) == 0) {
                sum = plus(sum, used.effect(next.sku(), next.serviceTier(), entry.getKey(), old.price(),
                        entry.getValue().price(), old.per()));
            }
        }
        return sum == null ? null : new Amount(sum);
    }

    private static Map<String, UnitPrice> base(PriceVersion version) {
        return version.bands()
                .stream()
                .filter(band -> band.fromPromptTokens() == 0 && band.hours().isEmpty())
                .findFirst()
                .map(PriceBand::prices)
                .map(Map::copyOf)
                .orElse(Map.of());
    }

    private static PriceBookView.Proposed proposed(Proposal it, UsedQuantities used) {
        BigDecimal sum = null;
        for (Proposal.Change change : it.changes()) {
            BigDecimal before = change.before();
            if (before != null) {
                sum = plus(sum,
                        used.effect(it.sku(), it.serviceTier(), change.bucket(), before, change.after(), change.per()));
            }
        }
        return new PriceBookView.Proposed(it.id(), it.sku(), it.serviceTier(), it.from(), changes(it),
                it.sources().stream().map(Proposal.Source::toString).toList(),
                it.findings().stream().map(Finding::message).toList(), it.soundByRule(), it.proposedAt(),
                sum == null ? null : new Amount(sum));
    }

    private static List<PriceBookView.Change> changes(Proposal it) {
        List<PriceBookView.Change> changes = new ArrayList<>();
        for (Proposal.Change change : it.changes()) {
            BigDecimal before = change.before();
            BigDecimal percent = change.percent();
            changes.add(new PriceBookView.Change(change.bucket(), change.fromPromptTokens(),
                    before == null ? null : Money.plain(before), Money.plain(change.after()), Money.plain(change.per()),
                    percent == null ? null : Money.plain(percent)));
        }
        return changes;
    }

    private static @Nullable BigDecimal plus(@Nullable BigDecimal sum, Optional<BigDecimal> more) {
        return more.map(value -> sum == null ? value : sum.add(value)).orElse(sum);
    }
}
