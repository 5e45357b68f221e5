package dev.pareto.dashboards.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QuestionReaderTest {

    private static final Instant NOW = Instant.parse("2026-11-22T20:15:30Z");

    @Test
    void withoutParametersItIsThisMonthSoFarAgainstAsMuchOfTheMonthBefore() {
        Question question = read();
        assertThat(question.period()).isEqualTo(NamedPeriod.THIS_MONTH);
        assertThat(question.from()).isEqualTo(LocalDate.of(2026, 11, 1));
        assertThat(question.to()).isEqualTo(LocalDate.of(2026, 11, 30));
        assertThat(question.span()).isEqualTo(span("2026-11-01T00:00:00Z", "2026-11-22T21:00:00Z"));
        assertThat(question.before()).isEqualTo(span("2026-10-01T00:00:00Z", "2026-10-22T21:00:00Z"));
        assertThat(question.groupBy()).containsExactly(Dimension.TENANT);
    }

    @Test
    void periodsAreKnownByTheirNames() {
        LocalDate today = LocalDate.of(2026, 3, 1);
        assertThat(NamedPeriod.of("yesterday").days(today).first()).isEqualTo(LocalDate.of(2026, 2, 28));
        assertThat(NamedPeriod.of("last-month").days(today))
                .isEqualTo(new NamedPeriod.Days(LocalDate.of(2026, 2, 1), LocalDate.of(2026, 2, 28)));
        assertThatThrownBy(() -> NamedPeriod.of("october"))
                .hasMessageContaining("there is no period 'october'; use one of today, yesterday, 7d");
    }

    /** Peers shifted "this month" by a day east of UTC (A50). */
    @Test
    void thisMonthBeginsAtTheReadersMidnight() {
        Instant newYearInTokyo = Instant.parse("2026-12-31T15:30:00Z");
        assertThat(at(newYearInTokyo, "zone=Asia/Tokyo").from()).isEqualTo(LocalDate.of(2027, 1, 1));
        assertThat(at(newYearInTokyo, "zone=Asia/Tokyo").span())
                .isEqualTo(span("2026-12-31T15:00:00Z", "2026-12-31T16:00:00Z"));
        assertThat(at(newYearInTokyo, "zone=America/Los_Angeles").from()).isEqualTo(LocalDate.of(2026, 12, 1));
        assertThat(at(newYearInTokyo, "zone=America/Los_Angeles").span().from()).isEqualTo("2026-12-01T08:00:00Z");
        assertThat(at(newYearInTokyo).from()).isEqualTo(LocalDate.of(2026, 12, 1));
    }

    @Test
    void aMonthWithAChangeOfClocksIsAsLongAsItIs() {
        Span november = read("from=2025-11-01", "to=2025-11-30", "zone=America/Los_Angeles").span();
        assertThat(november).isEqualTo(span("2025-11-01T07:00:00Z", "2025-12-01T08:00:00Z"));
        Steps steps = Steps.of(november, java.time.ZoneId.of("America/Los_Angeles"));
        assertThat(steps.count()).isEqualTo(30);
        assertThat(steps.names()).startsWith("2025-11-01").endsWith("2025-11-30");
    }

    @Test
    void wholeMonthsAreComparedToWholeMonths() {
        assertThat(read("from=2026-03-01", "to=2026-03-31").before())
                .isEqualTo(span("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"));
        assertThat(read("period=last-quarter").before())
                .isEqualTo(span("2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z"));
        assertThat(read("from=2026-03-05", "to=2026-03-11").before())
                .isEqualTo(span("2026-02-26T00:00:00Z", "2026-03-05T00:00:00Z"));
        assertThat(read("period=last-month", "compare=last-year").before())
                .isEqualTo(span("2025-10-01T00:00:00Z", "2025-11-01T00:00:00Z"));
        assertThat(read("from=2028-02-01", "to=2028-02-29", "compare=last-year").before())
                .isEqualTo(span("2027-02-01T00:00:00Z", "2027-03-01T00:00:00Z"));
        assertThat(read("period=last-month", "compare=none").before()).isNull();
    }

    @Test
    void filtersAndGroupsAreReadInOrder() {
        Question question = read("tenant=acme", "tenant=globex", "tag.team=search", "group=tag.team,model",
                "simulated=without");
        assertThat(question.filters()).containsExactly(new Filter(new Dimension("tag.team"), List.of("search")),
                new Filter(Dimension.TENANT, List.of("acme", "globex")));
        assertThat(question.groupBy()).containsExactly(new Dimension("tag.team"), Dimension.MODEL);
        assertThat(question.simulated()).isEqualTo(Simulated.WITHOUT);
        assertThat(question.tagKey()).contains("team");
    }

    @Test
    void whatIsWrongIsToldInFull() {
        refused("there is no period 'fortnight'; use one of today, yesterday, 7d", "period=fortnight");
        refused("from is a date such as 2026-11-30, not '30.11.2026'", "from=30.11.2026", "to=2026-12-01");
        refused("state from and to", "from=2026-11-01");
        refused("state either a period or from and to", "period=7d", "from=2026-11-01", "to=2026-11-02");
        refused("ends on 2026-11-01, before it begins on 2026-11-02", "from=2026-11-02", "to=2026-11-01");
        refused("at most 800 days", "from=2020-01-01", "to=2026-11-01");
        refused("dates lie between", "from=0001-01-01", "to=0001-01-02");
        refused("there is no time zone 'Mars/Olympus'", "zone=Mars/Olympus");
        refused("do not begin on one", "zone=Asia/Kolkata");
        refused("spend cannot be divided by 'colour'", "group=colour");
        refused("two different ones", "group=tenant,tenant");
        refused("two different ones", "group=tenant,model,route");
        refused("sums are kept by one tag at a time; ask for tag.project or for tag.team", "tag.team=a",
                "tag.project=b");
        refused("there is no parameter 'tenants'", "tenants=acme");
        refused("zone is stated 2 times", "zone=UTC", "zone=UTC");
        refused("longer than 256 characters", "route=" + "x".repeat(300));
        refused("there is no period 'a?b'", "period=a\nb");
    }

    private static void refused(String message, String... parameters) {
        assertThatThrownBy(() -> read(parameters)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static Question read(String... parameters) {
        return at(NOW, parameters);
    }

    private static Question at(Instant now, String... parameters) {
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (String parameter : parameters) {
            String[] parts = parameter.split("=", 2);
            given.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
        }
        return new QuestionReader(() -> now).read(given, List.of(Dimension.TENANT));
    }

    private static Span span(String from, String to) {
        return new Span(Instant.parse(from), Instant.parse(to));
    }
}
