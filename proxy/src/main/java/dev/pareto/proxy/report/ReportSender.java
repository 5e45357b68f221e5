package dev.pareto.proxy.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.pareto.dashboards.schedule.ReportSchedule;
import dev.pareto.dashboards.schedule.ScheduleRepository;
import dev.pareto.dashboards.schedule.ScheduleRepository.Delivery;
import dev.pareto.policies.catalog.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. What fails is tried again after ten minutes, then after three times as long each; a webhook three times, mail five
 * times, for mail servers rest longer. Then the report waits for its next time. With a secret, each post has
 * {@code Pareto-Signature: sha256=…}, the HMAC of its body. Blocks; used by one thread.
 */
public final class ReportSender {

    private static final Logger LOG = LoggerFactory.getLogger(ReportSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AGAIN = Duration.ofMinutes(10);
    private static final int LONGER = 3;
    private static final int MOST_BYTES = 32 << 20;
    /** What mail servers take, with a third more for its being text. */
    private static final int MOST_MAILED_BYTES = 10 << 20;

    private final ScheduleRepository schedules;
    private final Supplier<URI> admin;
    private final Secret pass;
    private final @Nullable Secret secret;
    private final InstantSource clock;
    private final HttpClient http;
    private final Mailer mailer;
    private final Map<Way, LongAdder> sent = counters();
    private final Map<Way, LongAdder> failed = counters();

    /** How a report goes. */
    enum Way {
        WEBHOOK(3), MAIL(5);

        private final int mostTries;

        Way(int mostTries) {
            this.mostTries = mostTries;
        }

        static Way of(ReportSchedule it) {
            return it.byMail() ? MAIL : WEBHOOK;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What came of a try: why it failed, and whether it may go better later. */
    private record Tried(@Nullable String failure, boolean again) {}

    /**
     * @param admin this gateway's admin port
     * @param pass by which it lets this gateway in
     * @param secret signs what is posted; null for no signature
     */
    public ReportSender(ScheduleRepository schedules, Supplier<URI> admin, Secret pass, @Nullable Secret secret,
            InstantSource clock, HttpClient http, Mailer mailer) {
        this.schedules = schedules;
        this.admin = admin;
        this.pass = pass;
        this.secret = secret;
        this.clock = clock;
        this.http = http;
        this.mailer = mailer;
    }

    private static Map<Way, LongAdder> counters() {
        Map<Way, LongAdder> counters = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            counters.put(way, new LongAdder());
        }
        return Collections.unmodifiableMap(counters);
    }

    /** Tries since the start. */
    long tries(Way way, boolean successful) {
        return requireNonNull((successful ? sent : failed).get(way)).sum();
    }

    /** Sends every report that is due and that no other gateway took. */
    public void sendDue() throws InterruptedException {
        for (ReportSchedule due : schedules.due(clock.instant())) {
            Instant now = clock.instant();
            Instant next = due.cadence().after(now, due.hour());
            if (schedules.move(due, next, 0) && tried(due).again() && due.tries() + 1 < Way.of(due).mostTries) {
                Instant again = now.plus(AGAIN.multipliedBy((long) Math.pow(LONGER, due.tries())));
                schedules.find(due.id())
                        .filter(moved -> again.isBefore(next))
                        .ifPresent(moved -> schedules.move(moved, again, due.tries() + 1));
            }
        }
    }

    /** Sends one now, whenever it is due; false when that failed, which is on record. */
    public boolean send(ReportSchedule it) throws InterruptedException {
        return tried(it).failure() == null;
    }

    private Tried tried(ReportSchedule it) throws InterruptedException {
        Tried tried;
        int bytes = 0;
        try {
            HttpResponse<InputStream> report = http.send(
                    HttpRequest.newBuilder(admin.get().resolve(address(it)))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + pass.reveal())
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            byte[] body;
            try (InputStream in = report.body()) {
                body = in.readNBytes(MOST_BYTES + 1);
            }
            bytes = body.length;
            tried = report.statusCode() != 200
                    ? new Tried("the report answered " + report.statusCode(), true)
                    : bytes > MOST_BYTES
                            ? new Tried("the report is larger than 32 MiB", true)
                            : it.byMail() ? mail(it, report, body) : new Tried(post(it, report, body), true);
        } catch (IOException unreachable) {
            tried = new Tried(String.valueOf(unreachable.getMessage() == null ? unreachable : unreachable.getMessage()),
                    !(unreachable instanceof MailRefusedException));
        }
        return recorded(it, tried, bytes);
    }

    private Tried recorded(ReportSchedule it, Tried tried, int bytes) {
        String failure = tried.failure();
        requireNonNull((failure == null ? sent : failed).get(Way.of(it))).increment();
        schedules.record(new Delivery(it.id(), clock.instant(), failure == null,
                failure == null ? bytes + " bytes" : failure));
        if (failure == null) {
            return new Tried(null, false);
        }
        LOG.warn("The report '{}' was not sent: {}", it.name(), failure);
        return tried;
    }

    /** People read tables, and a page's report is one on request. */
    private static String address(ReportSchedule it) {
        String report = it.report();
        return it.byMail() && report.startsWith("/api/money/") && !report.matches(".*[?&]format=.*")
                ? report + (report.contains("?") ? "&" : "?") + "format=csv"
                : report;
    }

    private Tried mail(ReportSchedule it, HttpResponse<?> report, byte[] body)
            throws IOException, InterruptedException {
        if (body.length > MOST_MAILED_BYTES) {
            return new Tried(
                    "the report is larger than 10 MiB, too large for a mail; narrow it, or post it to a webhook",
                    false);
        }
        mailer.send(it.readers(), LetterWriter.write(it,
                report.headers().firstValue("Content-Type").orElse("application/json"),
                report.headers().firstValue("Content-Disposition").orElse(null), body, clock.instant()));
        return new Tried(null, false);
    }

    private @Nullable String post(ReportSchedule it, HttpResponse<?> report, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(it.to())
                .timeout(PATIENCE)
                .header("Content-Type", report.headers().firstValue("Content-Type").orElse("application/json"))
                .header("Pareto-Report", java.net.URLEncoder.encode(it.name(), UTF_8))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        report.headers()
                .firstValue("Content-Disposition")
                .ifPresent(name -> request.header("Content-Disposition", name));
        if (secret != null) {
            request.header("Pareto-Signature", "sha256=" + signature(secret, body));
        }
        int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        return status / 100 == 2 ? null : "the webhook answered " + status;
    }

    /** What a receiver checks, with the secret that it shares, that a body came from here. */
    public static String signature(Secret secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
