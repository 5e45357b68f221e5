package dev.pareto.dashboards.ask;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads questions from the parameters of a URL: {@code period=this-month} or {@code from=2026-11-01&to=2026-11-22} (both days
 * belong to it), {@code zone=Asia/Tokyo}, {@code compare=previous|last-year|none}, filters {@code tenant=A&tenant=B},
 * {@code tag.team=search}, {@code simulated=with|without|only}, {@code group=model,tag.team}. What is wrong is an
 * {@link IllegalArgumentException} with a message for whoever asked. Thread-safe.
 */
public final class QuestionReader {

    /** Longer periods would read more sums than a page can wait for. */
    public static final int MAX_DAYS = 800;

    private static final int MAX_GROUPS = 2;
    private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
    private static final LocalDate LAST = LocalDate.of(2199, 12, 31);
    private static final Set<String> KNOWN = Set.of("period", "from", "to", "zone", "compare", "simulated", "group",
            "format", "tenant", "route", "model", "vendor", "role");

    private final InstantSource clock;

    public QuestionReader(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * @param given the parameters, each with its values in order
     * @param usual by what to group where nothing is said
     * @param own the names of further parameters that the report reads by itself
     */
    public Question read(Map<String, List<String>> given, List<Dimension> usual, String... own) {
        requireKnown(given.keySet(), own);
        ZoneId zone = zone(single(given, "zone", "UTC"));
        Instant now = clock.instant();
        NamedPeriod period = period(given);
        NamedPeriod.Days days = period == NamedPeriod.CUSTOM
                ? new NamedPeriod.Days(date(given, "from"), date(given, "to"))
                : period.days(LocalDate.ofInstant(now, zone));
        requireBounded(days);
        Compare compare = choice("compare", single(given, "compare", Compare.PREVIOUS.id()), Compare.values(),
                Compare::id);
        Span whole = span(days, zone);
        Instant hour = Span.nextHour(now);
        boolean runs = whole.from().isBefore(hour) && whole.to().isAfter(hour);
        Span span = runs ? new Span(whole.from(), hour) : whole;
        return new Question(period, days.first(), days.last(), zone, span, compare,
                compare == Compare.NONE ? null : before(days, compare, zone, runs ? span : null), filters(given),
                choice("simulated", single(given, "simulated", Simulated.WITH.id()), Simulated.values(), Simulated::id),
                groups(given, usual));
    }

    /** @param sofar of a period that still runs, what has passed of it */
    private static Span before(NamedPeriod.Days days, Compare compare, ZoneId zone, @Nullable Span sofar) {
        Span whole = span(NamedPeriod.before(days, compare), zone);
        if (sofar == null) {
            return whole;
        }
        Instant to = whole.from().plus(Duration.between(sofar.from(), sofar.to()));
        return new Span(whole.from(), to.isBefore(whole.to()) ? to : whole.to());
    }

    private static Span span(NamedPeriod.Days days, ZoneId zone) {
        return new Span(hour(days.first(), zone), hour(days.last().plusDays(1), zone));
    }

    private static Instant hour(LocalDate day, ZoneId zone) {
        Instant start = day.atStartOfDay(zone).toInstant();
        if (start.getEpochSecond() % 3600 != 0) {
            throw new IllegalArgumentException("sums are kept by the hour, and days of " + zone.getId()
                    + " do not begin on one; use UTC or a zone that is whole hours from it");
        }
        return start;
    }

    private static NamedPeriod period(Map<String, List<String>> given) {
        boolean dates = given.containsKey("from") || given.containsKey("to");
        String name = single(given, "period", dates ? NamedPeriod.CUSTOM.id() : NamedPeriod.THIS_MONTH.id());
        NamedPeriod period = choice("period", name, NamedPeriod.values(), NamedPeriod::id);
        if (dates != (period == NamedPeriod.CUSTOM)) {
            throw new IllegalArgumentException(dates
                    ? "state either a period or from and to, not both"
                    : "state from and to, e.g. from=2026-11-01&to=2026-11-30");
        }
        return period;
    }

    private static void requireBounded(NamedPeriod.Days days) {
        if (days.first().isBefore(FIRST) || days.last().isAfter(LAST)) {
            throw new IllegalArgumentException("dates lie between " + FIRST + " and " + LAST);
        }
        if (days.last().isBefore(days.first())) {
            throw new IllegalArgumentException(
                    "the period ends on " + days.last() + ", before it begins on " + days.first());
        }
        if (days.count() > MAX_DAYS) {
            throw new IllegalArgumentException(
                    "a period has at most " + MAX_DAYS + " days; this one has " + days.count());
        }
    }

    private static LocalDate date(Map<String, List<String>> given, String name) {
        String text = single(given, name, "");
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(text.isEmpty()
                    ? "state from and to, e.g. from=2026-11-01&to=2026-11-30"
                    : name + " is a date such as 2026-11-30, not '" + Names.shown(text) + "'", e);
        }
    }

    private static ZoneId zone(String name) {
        try {
            ZoneId zone = ZoneId.of(name);
            return zone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone;
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "there is no time zone '" + Names.shown(name) + "'; use a name such as Europe/Berlin or UTC", e);
        }
    }

    private static List<Filter> filters(Map<String, List<String>> given) {
        return given.entrySet()
                .stream()
                .filter(one -> isFilter(one.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .map(one -> new Filter(new Dimension(one.getKey()), one.getValue().stream().distinct().toList()))
                .toList();
    }

    private static boolean isFilter(String name) {
        return name.startsWith("tag.") || Dimension.COLUMNS.stream().anyMatch(column -> column.id().equals(name));
    }

    private static List<Dimension> groups(Map<String, List<String>> given, List<Dimension> usual) {
        List<String> stated = new ArrayList<>();
        given.getOrDefault("group", List.of()).forEach(text -> stated.addAll(Arrays.asList(text.split(",", -1))));
        List<Dimension> groups = stated.isEmpty() ? usual : stated.stream().map(Dimension::new).toList();
        if (groups.size() > MAX_GROUPS || new HashSet<>(groups).size() < groups.size()) {
            throw new IllegalArgumentException(
                    "group by one dimension or by two different ones, e.g. group=tenant,model");
        }
        return groups;
    }

    private static String single(Map<String, List<String>> given, String name, String otherwise) {
        List<String> values = given.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new IllegalArgumentException(name + " is stated " + values.size() + " times; state it once");
        }
        return values.isEmpty() ? otherwise : values.getFirst();
    }

    private static <T> T choice(String name, String given, T[] all, Function<T, String> id) {
        return Arrays.stream(all)
                .filter(one -> id.apply(one).equals(given))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + name + " '" + Names.shown(given)
                        + "'; use one of " + Arrays.stream(all).map(id).collect(Collectors.joining(", "))));
    }

    private static void requireKnown(Set<String> names, String... own) {
        Set<String> mine = Set.of(own);
        for (String name : names) {
            if (!KNOWN.contains(name) && !name.startsWith("tag.") && !mine.contains(name)) {
                throw new IllegalArgumentException("there is no parameter '" + Names.shown(name) + "'; use one of "
                        + Stream.concat(KNOWN.stream(), mine.stream()).sorted().collect(Collectors.joining(", "))
                        + " or tag.KEY");
            }
        }
    }
}
