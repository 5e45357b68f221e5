package dev.pareto.policies.sheet.market;

import dev.pareto.policies.price.DailyHours;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.UnitPrice;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes accepted proposals of one vendor as a price file of our own; it is added beside the others and none of them is edited. */
public final class AcceptedSheet {

    private AcceptedSheet() {}

    /**
     * @param from the moment from which the prices hold
     * @param by who accepted them
     */
    public static String text(String vendor, List<Proposal> proposals, Instant from, String by, Instant now) {
        LocalDate day = now.atOffset(ZoneOffset.UTC).toLocalDate();
        StringBuilder text = new StringBuilder();
        text.append("# Accepted on ")
                .append(day)
                .append(" by ")
                .append(line(by))
                .append("; proposals ")
                .append(proposals.stream().map(Proposal::id).collect(Collectors.joining(", ")))
                .append(".\n");
        text.append("vendor: ")
                .append(vendor)
                .append("\ncurrency: USD\nchecked: ")
                .append(day)
                .append("\nsource: ")
                .append(quoted("reported by " + proposals.stream()
                        .flatMap(proposal -> proposal.sources().stream())
                        .map(Proposal.Source::toString)
                        .distinct()
                        .collect(Collectors.joining(", "))))
                .append("\nmodels:\n");
        SortedMap<String, List<Proposal>> byModel = new TreeMap<>(
                proposals.stream().collect(Collectors.groupingBy(AcceptedSheet::model)));
        byModel.forEach((model, rows) -> {
            text.append("  ").append(quoted(model)).append(":\n    agreed-by: [");
            text.append(rows.stream()
                    .flatMap(row -> row.sources().stream())
                    .map(Proposal.Source::toString)
                    .distinct()
                    .collect(Collectors.joining(", "))).append("]\n    prices:\n");
            rows.forEach(row -> row(row, from, text));
        });
        return text.toString();
    }

    private static String model(Proposal proposal) {
        return proposal.sku().substring(proposal.sku().indexOf('/') + 1);
    }

    private static void row(Proposal proposal, Instant from, StringBuilder text) {
        text.append("      - {from: ")
                .append(from.toString().replace("T00:00:00Z", ""))
                .append(", tier: ")
                .append(proposal.serviceTier());
        List<PriceBand> others = proposal.bands().stream().filter(band -> !base(band)).toList();
        proposal.bands().stream().filter(AcceptedSheet::base).forEach(band -> prices(band, text));
        if (!others.isEmpty()) {
            text.append(",\n         bands: [");
            String separator = "";
            for (PriceBand band : others) {
                text.append(separator).append("{from: ").append(band.fromPromptTokens());
                if (!band.hours().isEmpty()) {
                    text.append(", hours: [")
                            .append(band.hours()
                                    .stream()
                                    .map(AcceptedSheet::hours)
                                    .collect(Collectors.joining(", ")))
                            .append(']');
                }
                if (band.prices().isEmpty()) {
                    text.append(", unpriced: true");
                }
                prices(band, text);
                text.append('}');
                separator = ", ";
            }
            text.append(']');
        }
        text.append("}\n");
    }

    private static boolean base(PriceBand band) {
        return band.fromPromptTokens() == 0 && band.hours().isEmpty();
    }

    private static void prices(PriceBand band, StringBuilder text) {
        band.prices().forEach((bucket, price) -> {
            text.append(", ").append(bucket).append(": ");
            if (price.per().compareTo(UnitPrice.MILLION) == 0) {
                text.append(Money.plain(price.price()));
            } else {
                text.append("{price: ")
                        .append(Money.plain(price.price()))
                        .append(", per: ")
                        .append(Money.plain(price.per()))
                        .append('}');
            }
        });
    }

    private static String hours(DailyHours hours) {
        return hours.from() + "-" + hours.to();
    }

    private static String quoted(String text) {
        return "'" + line(text).replace("'", "''").replace("${", "$ {") + "'";
    }

    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
