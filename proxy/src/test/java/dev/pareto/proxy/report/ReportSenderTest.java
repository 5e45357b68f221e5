package dev.pareto.proxy.report;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.pareto.dashboards.schedule.Cadence;
import dev.pareto.dashboards.schedule.ReportSchedule;
import dev.pareto.dashboards.schedule.ScheduleRepository;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.catalog.Secret;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class ReportSenderTest {

    /** A Monday. */
    private static final Instant DUE = Instant.parse("2026-11-23T07:00:00Z");
    private static final Secret SECRET = new Secret("whsec_1");

    @RegisterExtension
    final WireMockExtension both = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort())
            .build();

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(DUE.minusSeconds(1));
    private SqliteStore store;
    private ScheduleRepository schedules;
    private ReportSender sender;

    @BeforeEach
    void schedule() {
        store = SqliteStore.open(folder.resolve("pareto.db"));
        schedules = new ScheduleRepository(store);
        sender = new ReportSender(schedules, () -> URI.create(both.baseUrl()), new Secret("pass"), SECRET, now::get,
                HttpClient.newHttpClient(), new Mailer(() -> null, now::get));
        schedules.add(new ReportSchedule("s1", "Spend by team", "/api/money/spend?format=csv", Cadence.WEEKLY, 7,
                URI.create(both.baseUrl() + "/hook"), "ada", now.get(), Cadence.WEEKLY.after(now.get(), 7), 0));
        both.stubFor(get(urlEqualTo("/api/money/spend?format=csv")).willReturn(ok("team,cost\r\nsearch,1.5\r\n")
                .withHeader("Content-Type", "text/csv")));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aReportIsSentWhenItIsDueAndOnce() throws InterruptedException {
        both.stubFor(post("/hook").willReturn(ok()));
        sender.sendDue();
        both.verify(0, postRequestedFor(urlEqualTo("/hook")));
        now.set(DUE);
        sender.sendDue();
        sender.sendDue();

        both.verify(1, postRequestedFor(urlEqualTo("/hook")).withHeader("Content-Type", equalTo("text/csv"))
                .withHeader("Pareto-Report", equalTo("Spend+by+team"))
                .withHeader("Pareto-Signature",
                        equalTo("sha256="
                                + ReportSender.signature(SECRET, "team,cost\r\nsearch,1.5\r\n".getBytes(UTF_8))))
                .withRequestBody(equalTo("team,cost\r\nsearch,1.5\r\n")));
        assertThat(schedules.all()).singleElement()
                .extracting(ReportSchedule::next)
                .isEqualTo(Instant.parse("2026-11-30T07:00:00Z"));
        assertThat(schedules.deliveries(10)).singleElement().satisfies(one -> {
            assertThat(one.sent()).isTrue();
            assertThat(one.detail()).isEqualTo("23 bytes");
        });
    }

    @Test
    void aWebhookThatFailsIsTriedThreeTimes() throws InterruptedException {
        both.stubFor(post("/hook").willReturn(serverError()));
        for (int i = 0; i < 6; i++) {
            now.set(DUE.plusSeconds(600L * i));
            sender.sendDue();
        }

        both.verify(3, postRequestedFor(urlEqualTo("/hook")));
        assertThat(schedules.deliveries(10)).extracting(ScheduleRepository.Delivery::detail)
                .containsOnly("the webhook answered 500")
                .hasSize(3);
        assertThat(schedules.all().getFirst().next()).isEqualTo(Instant.parse("2026-11-30T07:00:00Z"));
    }

    @Test
    void onlyReportsOfThisPortAreSent() {
        for (String wrong : new String[]{"http://example.com/", "/actuator/env", "/api/../actuator/env", "/api/x y"}) {
            assertThatThrownBy(
                    () -> new ReportSchedule("s2", "x", wrong, Cadence.DAILY, 0, URI.create("https://x.example/"),
                            "ada", DUE, DUE, 0))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(
                () -> new ReportSchedule("s2", "x", "/api/months", Cadence.DAILY, 0, URI.create("file:///etc/passwd"),
                        "ada", DUE, DUE, 0))
                .hasMessageContaining("webhook is an address");
    }

    @Test
    void dailyWeeklyAndMonthlyComeAtTheirHour() {
        Instant friday = Instant.parse("2026-11-20T12:00:00Z");
        assertThat(Cadence.DAILY.after(friday, 13)).isEqualTo(Instant.parse("2026-11-20T13:00:00Z"));
        assertThat(Cadence.DAILY.after(friday, 12)).isEqualTo(Instant.parse("2026-11-21T12:00:00Z"));
        assertThat(Cadence.WEEKLY.after(friday, 7)).isEqualTo(DUE);
        assertThat(Cadence.MONTHLY.after(friday, 0)).isEqualTo(Instant.parse("2026-12-01T00:00:00Z"));
    }
}
