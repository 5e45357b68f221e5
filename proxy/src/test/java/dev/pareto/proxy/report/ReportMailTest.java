package dev.pareto.proxy.report;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.pareto.dashboards.schedule.Cadence;
import dev.pareto.dashboards.schedule.ReportSchedule;
import dev.pareto.dashboards.schedule.ScheduleRepository;
import dev.pareto.dashboards.schedule.ScheduleRepository.Delivery;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.MailServer;
import dev.pareto.policies.policy.MailServer.Security;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Reports by mail, to a real SMTP server. */
final class ReportMailTest {

    /** A Monday. */
    private static final Instant DUE = Instant.parse("2026-11-23T07:00:00Z");
    private static final String CSV = "model,note,cost\r\nopenai/gpt-4o,\"a, \"\"quoted\"\" <b>\",1.5\r\nlocal/tiny,ä,0.25\r\n";
    private static final String READERS = "mailto:ada@example.com,bob@example.com";

    @RegisterExtension
    final WireMockExtension admin = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort())
            .build();

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(DUE.minusSeconds(1));
    private final AtomicReference<@Nullable MailServer> server = new AtomicReference<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final GreenMail smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private SqliteStore store;
    private ScheduleRepository schedules;
    private Mailer mailer;
    private ReportSender sender;

    @BeforeEach
    void schedule() {
        smtp.start();
        server.set(mail(smtp.getSmtp().getPort(), Security.NONE, Duration.ofSeconds(5)));
        store = SqliteStore.open(folder.resolve("pareto.db"));
        schedules = new ScheduleRepository(store);
        mailer = new Mailer(server::get, now::get);
        sender = new ReportSender(schedules, () -> URI.create(admin.baseUrl()), new Secret("pass"), null, now::get,
                HttpClient.newHttpClient(), mailer);
        new ReportMeters(sender).bindTo(meters);
        add(READERS, "/api/money/statement?period=last-month");
        admin.stubFor(get(urlEqualTo("/api/money/statement?period=last-month&format=csv")).willReturn(ok(CSV)
                .withHeader("Content-Type", "text/csv; charset=utf-8")
                .withHeader("Content-Disposition", "attachment; filename=\"statement.csv\"")));
    }

    @AfterEach
    void close() {
        mailer.close();
        store.close();
        smtp.stop();
    }

    @Test
    void theStatementGoesAsTextAsHtmlAndWholeAsAFile() throws Exception {
        now.set(DUE);
        sender.sendDue();
        sender.sendDue();

        assertThat(smtp.getReceivedMessages()).as("one copy for each reader").hasSize(2);
        MimeMessage message = smtp.getReceivedMessages()[0];
        assertThat(message.getSubject()).isEqualTo("Pareto: Spend – by team");
        assertThat(message.getFrom()).extracting(Object::toString).containsExactly("pareto@example.com");
        assertThat(message.getAllRecipients()).extracting(Object::toString)
                .containsExactly("ada@example.com", "bob@example.com");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        MimeMultipart parts = (MimeMultipart) message.getContent();
        MimeMultipart words = (MimeMultipart) parts.getBodyPart(0).getContent();
        assertThat(words.getContentType()).contains("alternative");
        assertThat(text(words.getBodyPart(0))).contains("openai/gpt-4o  a, \"quoted\" <b>   1.5\n")
                .contains("local/tiny     ä                0.25\n")
                .contains("attached as statement.csv");
        assertThat(text(words.getBodyPart(1))).contains("<td")
                .contains("a, &quot;quoted&quot; &lt;b&gt;")
                .doesNotContain("<b>");
        Part file = parts.getBodyPart(1);
        assertThat(file.getFileName()).isEqualTo("statement.csv");
        assertThat(file.getContentType()).startsWith("text/csv");
        assertThat(file.getInputStream().readAllBytes()).isEqualTo(CSV.getBytes(UTF_8));
        assertThat(schedules.deliveries(10)).singleElement().satisfies(one -> assertThat(one.sent()).isTrue());
        assertThat(tries("sent")).isEqualTo(1);
        assertThat(tries("failed")).isZero();
    }

    @Test
    void longReportsAreCutInTheLetterAndWholeInTheFile() throws Exception {
        String many = "day,cost\r\n" + "2026-11-01,0.1\r\n".repeat(100);
        admin.stubFor(get(urlEqualTo("/api/money/statement?period=last-month&format=csv"))
                .willReturn(ok(many).withHeader("Content-Type", "text/csv")));
        now.set(DUE);
        sender.sendDue();

        MimeMultipart parts = (MimeMultipart) smtp.getReceivedMessages()[0].getContent();
        String text = text(((MimeMultipart) parts.getBodyPart(0).getContent()).getBodyPart(0));
        assertThat(text.lines().filter(line -> line.startsWith("2026-11-01"))).hasSize(60);
        assertThat(text).contains("And 40 more rows, in the attachment.");
        assertThat(parts.getBodyPart(1).getInputStream().readAllBytes()).hasSize(many.length());
    }

    @Test
    void aServerThatIsAwayIsTriedAgainLaterAndLaterAndThenItArrives() throws Exception {
        int port = smtp.getSmtp().getPort();
        smtp.stop();
        now.set(DUE);
        for (int minutes : new int[]{0, 9, 10, 39, 40, 129}) {
            now.set(DUE.plus(Duration.ofMinutes(minutes)));
            sender.sendDue();
        }
        assertThat(schedules.deliveries(10)).extracting(Delivery::at)
                .containsExactly(DUE.plus(Duration.ofMinutes(40)), DUE.plus(Duration.ofMinutes(10)), DUE);
        assertThat(schedules.deliveries(10)).allSatisfy(one -> {
            assertThat(one.sent()).isFalse();
            assertThat(one.detail()).contains("the mail server 127.0.0.1:" + port + " did not take the letter");
        });
        assertThat(schedules.all().getFirst().tries()).isEqualTo(3);
        assertThat(tries("failed")).isEqualTo(3);

        GreenMail back = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        back.start();
        try {
            server.set(mail(back.getSmtp().getPort(), Security.NONE, Duration.ofSeconds(5)));
            now.set(DUE.plus(Duration.ofMinutes(130)));
            sender.sendDue();
            assertThat(back.getReceivedMessages()).hasSize(2);
        } finally {
            back.stop();
        }
        assertThat(schedules.all().getFirst().tries()).isZero();
        assertThat(schedules.all().getFirst().next()).isEqualTo(DUE.plus(Duration.ofDays(7)));
    }

    @Test
    void aServerThatStaysSilentHoldsNobodyForLong() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.set(mail(silent.getLocalPort(), Security.NONE, Duration.ofSeconds(1)));
            now.set(DUE);
            sender.sendDue();
        }
        assertThat(schedules.deliveries(1).getFirst().detail()).contains("did not take the letter");
    }

    @Test
    void aServerThatTricklesIsBrokenOff() throws Exception {
        try (var trickling = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var impatient = new Mailer(server::get, now::get, Duration.ofMillis(1_500))) {
            Thread.ofVirtual().start(() -> trickle(trickling));
            server.set(mail(trickling.getLocalPort(), Security.NONE, Duration.ofSeconds(60)));
            assertThatThrownBy(() -> impatient.send(List.of("ada@example.com"), letter()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("took longer than 1 s");
        }
    }

    private static void trickle(ServerSocket door) {
        try (var line = door.accept()) {
            while (true) {
                line.getOutputStream().write('2');
                line.getOutputStream().flush();
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException brokenOff) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void withoutTheTlsThatWasAskedForNothingIsSent() throws Exception {
        server.set(mail(smtp.getSmtp().getPort(), Security.STARTTLS, Duration.ofSeconds(5)));
        now.set(DUE);
        sender.sendDue();

        assertThat(smtp.getReceivedMessages()).isEmpty();
        assertThat(schedules.deliveries(1).getFirst().detail()).contains("STARTTLS is required");
    }

    @Test
    void aCertificateThatNobodyVouchesForIsNotTrusted() throws Exception {
        GreenMail tls = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        tls.start();
        try {
            server.set(mail(tls.getSmtps().getPort(), Security.TLS, Duration.ofSeconds(5)));
            now.set(DUE);
            sender.sendDue();
            assertThat(tls.getReceivedMessages()).isEmpty();
        } finally {
            tls.stop();
        }
        assertThat(schedules.deliveries(1).getFirst().sent()).isFalse();
    }

    @Test
    void aPasswordIsNotShownOnALineThatOthersCanRead() throws Exception {
        smtp.setUser("pareto@example.com", "pareto", "right");
        smtp.getUserManager().setAuthRequired(true);
        server.set(new MailServer("127.0.0.1", smtp.getSmtp().getPort(), Security.STARTTLS, "pareto",
                new Secret("right"), "pareto@example.com", Duration.ofSeconds(5)));
        assertThatThrownBy(() -> mailer.send(List.of("ada@example.com"), letter()))
                .hasMessageContaining("STARTTLS is required");
        assertThat(smtp.getReceivedMessages()).isEmpty();
    }

    private static Letter letter() {
        return new Letter("s", "t", "h", new Letter.Attachment("f.csv", "text/csv", new byte[0]));
    }

    @Test
    void aReportTooLargeForMailIsNotTriedAgain() throws Exception {
        admin.stubFor(get(urlEqualTo("/api/money/statement?period=last-month&format=csv"))
                .willReturn(ok("x".repeat((10 << 20) + 1)).withHeader("Content-Type", "text/csv")));
        now.set(DUE);
        sender.sendDue();

        assertThat(schedules.deliveries(1).getFirst().detail()).contains("larger than 10 MiB");
        assertThat(schedules.all().getFirst().next()).isEqualTo(DUE.plus(Duration.ofDays(7)));
    }

    @Test
    void withoutAMailServerItIsSaidAndNotTriedAgain() throws Exception {
        server.set(null);
        now.set(DUE);
        sender.sendDue();

        assertThat(schedules.deliveries(1).getFirst().detail()).contains("names no mail server");
        assertThat(schedules.all().getFirst().next()).isEqualTo(DUE.plus(Duration.ofDays(7)));
    }

    @Test
    void nothingCanBePutIntoAHeader() {
        for (String wrong : List.of("ada@example.com\r\nBcc: eve@example.com", "Ada <ada@example.com>", "nobody",
                "a@b.c;d@e.f")) {
            assertThatThrownBy(() -> ReportSchedule.mailTo(List.of(wrong))).as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> ReportSchedule.mailTo(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ReportSchedule.mailTo(List.of(" ada@example.com", "bob@example.com "))).hasToString(READERS);
    }

    private void add(String to, String report) {
        schedules.add(new ReportSchedule("s1", "Spend – by team", report, Cadence.WEEKLY, 7, URI.create(to), "ada",
                now.get(), Cadence.WEEKLY.after(now.get(), 7), 0));
    }

    private double tries(String outcome) {
        return meters.get("pareto.reports.tries").tags("way", "mail", "outcome", outcome).functionCounter().count();
    }

    private static MailServer mail(int port, Security security, Duration timeLimit) {
        return new MailServer("127.0.0.1", port, security, null, null, "pareto@example.com", timeLimit);
    }

    private static String text(Part part) throws Exception {
        return part.getContent().toString().replace("\r\n", "\n");
    }
}
