package dev.pareto.dashboards.ask;

import dev.pareto.dashboards.store.Micros;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A span cut into hours, days or months of a time zone; a day of 23 or 25 hours is one day. */
public final class Steps {

    /** How long a step is. */
    public enum Grain {
        HOUR, DAY, MONTH
    }

    private static final long HOUR_US = Micros.HOUR;
    private static final long DAY_US = 24 * HOUR_US;
    private static final int MAX_HOURS = 49;
    private static final int MAX_DAYS = 100;
    private static final DateTimeFormatter TO_THE_HOUR = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm");

    private final Grain grain;
    private final ZoneId zone;
    private final Span span;
    private final Map<String, Integer> places = new LinkedHashMap<>();

    private Steps(Grain grain, Span span, ZoneId zone) {
        this.grain = grain;
        this.span = span;
        this.zone = zone;
        Instant at = span.from();
        while (at.isBefore(span.to())) {
            places.putIfAbsent(name(at.atZone(zone).toLocalDateTime()), places.size());
            at = next(at);
        }
    }

    /** Hours for two days at most, days for a quarter, else months. */
    public static Steps of(Span span, ZoneId zone) {
        long hours = java.time.Duration.between(span.from(), span.to()).toHours();
        Grain grain = hours <= MAX_HOURS ? Grain.HOUR : hours <= MAX_DAYS * 24L ? Grain.DAY : Grain.MONTH;
        return new Steps(grain, span, zone);
    }

    /** Days, however many. */
    public static Steps days(Span span, ZoneId zone) {
        return new Steps(Grain.DAY, span, zone);
    }

    public Grain grain() {
        return grain;
    }

    /** What each step is called: {@code 2026-11-01T13:00}, {@code 2026-11-01} or {@code 2026-11}. */
    public List<String> names() {
        return List.copyOf(places.keySet());
    }

    public int count() {
        return places.size();
    }

    /**
     * SQL for a whole number by which to group rows of {@code hour_us}; {@link #place} tells the step from it. It holds
     * numbers alone, nothing that anybody typed.
     */
    public String sql() {
        long unit = grain == Grain.HOUR ? HOUR_US : DAY_US;
        return "((hour_us + " + offsets() + ") / " + unit + ")";
    }

    /** The step of a row, 0 for the first. */
    public int place(long unit) {
        LocalDateTime local = grain == Grain.HOUR
                ? LocalDateTime.ofEpochSecond(unit * 3600, 0, ZoneOffset.UTC)
                : LocalDate.ofEpochDay(unit).atStartOfDay();
        Integer place = places.get(name(local));
        if (place == null) {
            throw new IllegalArgumentException(local + " lies outside of " + span);
        }
        return place;
    }

    private String name(LocalDateTime local) {
        String text = TO_THE_HOUR.format(local);
        return switch (grain) {
            case HOUR -> text;
            case DAY -> text.substring(0, 10);
            case MONTH -> text.substring(0, 7);
        };
    }

    private Instant next(Instant at) {
        return grain == Grain.HOUR
                ? at.plusSeconds(3600)
                : at.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
    }

    /** The zone's distance from UTC as it is at each hour. */
    private String offsets() {
        List<String> cases = new ArrayList<>();
        Instant at = span.from();
        while (true) {
            long offset = zone.getRules().getOffset(at).getTotalSeconds();
            if (offset % 3600 != 0) {
                throw new IllegalArgumentException("sums are kept by the hour, and " + zone.getId()
                        + " is not whole hours from UTC; use UTC or a zone that is");
            }
            ZoneOffsetTransition change = change(at);
            if (change == null) {
                String last = Long.toString(offset * 1_000_000);
                return cases.isEmpty() ? last : "CASE" + String.join("", cases) + " ELSE " + last + " END";
            }
            cases.add(" WHEN hour_us < " + Micros.of(change.getInstant()) + " THEN " + offset * 1_000_000);
            at = change.getInstant();
        }
    }

    private @Nullable ZoneOffsetTransition change(Instant after) {
        ZoneOffsetTransition next = zone.getRules().nextTransition(after);
        return next == null || !next.getInstant().isBefore(span.to()) ? null : next;
    }
}
