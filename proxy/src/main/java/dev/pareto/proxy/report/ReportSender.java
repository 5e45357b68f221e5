package dev.pareto.proxy.report;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. A webhook that fails is tried again after ten minutes, three times; then the report waits for its next time. With a
 * secret, each post has {@code Pareto-Signature: sha256=…}, the HMAC of its body. Blocks; used by one thread.
 */
public final class ReportSender {

    private static final Logger LOG = LoggerFactory.getLogger(ReportSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AGAIN = Duration.ofMinutes(10);
    private static final int MOST_TRIES = 3;
    private static final int MOST_BYTES = 32 << 20;

    private final ScheduleRepository schedules;
    private final Supplier<URI> admin;
    private final Secret pass;
    private final @Nullable Secret secret;
    private final InstantSource clock;
    private final HttpClient http;

    /**
     * @param admin this gateway's admin port
     * @param pass by which it lets this gateway in
     * @param secret signs what is posted; null for no signature
     */
    public ReportSender(ScheduleRepository schedules, Supplier<URI> admin, Secret pass, @Nullable Secret secret,
            InstantSource clock, HttpClient http) {
        this.schedules = schedules;
        this.admin = admin;
        this.pass = pass;
        this.secret = secret;
        this.clock = clock;
        this.http = http;
    }

    /** Sends every report that is due and that no other gateway took. */
    public void sendDue() throws InterruptedException {
        for (ReportSchedule due : schedules.due(clock.instant())) {
            Instant now = clock.instant();
            Instant next = due.cadence().after(now, due.hour());
            if (schedules.move(due, next, 0) && !send(due) && due.tries() + 1 < MOST_TRIES) {
                Instant again = now.plus(AGAIN);
                schedules.find(due.id())
                        .filter(moved -> again.isBefore(next))
                        .ifPresent(moved -> schedules.move(moved, again, due.tries() + 1));
            }
        }
    }

    /** Sends one now, whenever it is due; false when that failed, which is on record. */
    public boolean send(ReportSchedule it) throws InterruptedException {
        String failure = null;
        int bytes = 0;
        try {
            HttpResponse<InputStream> report = http.send(
                    HttpRequest.newBuilder(admin.get().resolve(it.report()))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + pass.reveal())
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            byte[] body;
            try (InputStream in = report.body()) {
                body = in.readNBytes(MOST_BYTES + 1);
            }
            bytes = body.length;
            failure = report.statusCode() != 200
                    ? "the report answered " + report.statusCode()
                    : bytes > MOST_BYTES ? "the report is larger than 32 MiB" : post(it, report, body);
        } catch (IOException unreachable) {
            failure = String.valueOf(unreachable.getMessage() == null ? unreachable : unreachable.getMessage());
        }
        schedules.record(new Delivery(it.id(), clock.instant(), failure == null,
                failure == null ? bytes + " bytes" : failure));
        if (failure != null) {
            LOG.warn("The report '{}' was not sent: {}", it.name(), failure);
        }
        return failure == null;
    }

    private @Nullable String post(ReportSchedule it, HttpResponse<?> report, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(it.webhook())
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
