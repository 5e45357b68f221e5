package dev.pareto.proxy.books;

import dev.pareto.dashboards.closing.LedgerDesk;
import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.dashboards.report.Amount;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a document {@code {"action": "close" | "waive" | "adjust" | "reverse" | "reprice" | "true-up", "by", …}} and does it. What is
 * wrong with it is an {@link IllegalArgumentException} with a sentence for the person. Blocks.
 */
public final class LedgerActions {

    private final LedgerDesk desk;
    private final Supplier<UUID> ids;

    public LedgerActions(LedgerDesk desk, Supplier<UUID> ids) {
        this.desk = desk;
        this.ids = ids;
    }

    /** An adjustment as it is told. */
    public record AdjustmentView(String id, String kind, LocalDate concerns, String tenant, String vendor, String model,
            Amount amount, String currency, String reason, String by, @Nullable String attemptId,
            @Nullable String reverses) {

        static AdjustmentView of(Adjustment it) {
            UUID attempt = it.attemptId();
            UUID reverses = it.reverses();
            return new AdjustmentView(it.id().toString(), it.kind().name(), it.concerns(), it.tenant(), it.vendor(),
                    it.model(), new Amount(it.amount().amount()), it.amount().currency(), it.reason(), it.enteredBy(),
                    attempt == null ? null : attempt.toString(), reverses == null ? null : reverses.toString());
        }
    }

    /** What it leads to, to be told as JSON: a month, or {@code {"booked": true, "adjustments": […]}}. */
    public Object act(JsonNode body) {
        String by = text(body, "by");
        return switch (text(body, "action")) {
            case "close" -> desk.close(month(body), by);
            case "waive" -> desk.waive(month(body), text(body, "subject"), text(body, "reason"), by);
            case "adjust" -> told(true, List.of(desk.adjust(adjustment(body, by))));
            case "reverse" -> told(true,
                    List.of(desk.reverse(read(body, "id", UUID::fromString, "an adjustment's id"), text(body, "reason"),
                            by)));
            case "reprice" -> told(books(body), desk.reprice(day(body, "from"), day(body, "to"), by, books(body)));
            case "true-up" -> told(books(body), desk.trueUp(text(body, "vendor"), day(body, "from"), day(body, "to"),
                    text(body, "invoice"), by, books(body)));
            default -> throw new IllegalArgumentException(
                    "action is close, waive, adjust, reverse, reprice or true-up, not '" + text(body, "action") + "'");
        };
    }

    private static Map<String, Object> told(boolean booked, List<Adjustment> adjustments) {
        return Map.of("booked", booked, "adjustments", adjustments.stream().map(AdjustmentView::of).toList());
    }

    private Adjustment adjustment(JsonNode body, String by) {
        String invoice = text(body, "invoice");
        BigDecimal amount = read(body, "amount", BigDecimal::new, "a decimal amount as text, such as -12.50");
        String currency = body.path("currency").asString("USD");
        return new Adjustment(ids.get(), read(body, "kind", LedgerActions::kind, "credit or true-up"),
                day(body, "concerns"), null, null, invoice.isEmpty() ? null : invoice, text(body, "tenant"), "",
                text(body, "model"), text(body, "vendor"), null, null, null, new Money(amount, currency),
                text(body, "reason"), by);
    }

    private static Adjustment.Kind kind(String name) {
        return Adjustment.Kind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Only what says so is booked; the rest is a preview. */
    private static boolean books(JsonNode body) {
        return body.path("book").asBoolean(false);
    }

    private static YearMonth month(JsonNode body) {
        return read(body, "month", YearMonth::parse, "a month such as 2026-10");
    }

    private static LocalDate day(JsonNode body, String name) {
        return read(body, name, LocalDate::parse, "a day such as 2026-10-31");
    }

    private static <T> T read(JsonNode body, String name, Function<String, T> reader, String what) {
        try {
            return reader.apply(text(body, name));
        } catch (DateTimeException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException("'" + name + "' is " + what + ", not '" + text(body, name) + "'", wrong);
        }
    }

    private static String text(JsonNode body, String name) {
        return body.path(name).asString("");
    }
}
