package dev.pareto.proxy.admin;

import dev.pareto.dashboards.schedule.Cadence;
import dev.pareto.dashboards.schedule.ReportSchedule;
import dev.pareto.dashboards.schedule.ScheduleRepository;
import dev.pareto.proxy.report.Mailer;
import dev.pareto.proxy.report.ReportSender;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reports that are sent by themselves, on the admin port. */
final class ReportApi {

    private static final int MOST_DELIVERIES = 100;

    private final ScheduleRepository schedules;
    private final ReportSender sender;
    private final Mailer mailer;
    private final Supplier<UUID> ids;
    private final InstantSource clock;
    private final AdminApi admin;

    ReportApi(ScheduleRepository schedules, ReportSender sender, Mailer mailer, Supplier<UUID> ids, InstantSource clock,
            AdminApi admin) {
        this.schedules = schedules;
        this.sender = sender;
        this.mailer = mailer;
        this.ids = ids;
        this.clock = clock;
        this.admin = admin;
    }

    /** One as it is told: of a webhook's address only where it leads, for the rest of it is a secret. */
    record View(String id, String name, String report, String cadence, int hour, String to, String createdBy,
            Instant createdAt, @Nullable Instant next, int tries) {

        static View of(ReportSchedule it) {
            return new View(it.id(), it.name(), it.report(), it.cadence().name(), it.hour(),
                    it.byMail()
                            ? String.join(", ", it.readers())
                            : it.to().getScheme() + "://" + it.to().getAuthority() + "/…",
                    it.createdBy(), it.createdAt(), it.next(), it.tries());
        }
    }

    /**
     * All of them and the newest tries.
     *
     * @param mail whether there is a mail server to send with
     */
    record Schedules(List<View> schedules, List<ScheduleRepository.Delivery> deliveries, boolean mail) {}

    /** {@code GET /api/report-schedules}. */
    Mono<ServerResponse> list(ServerRequest request) {
        return admin.answer(this::all);
    }

    private Schedules all() {
        return new Schedules(schedules.all().stream().map(View::of).toList(), schedules.deliveries(MOST_DELIVERIES),
                mailer.ready());
    }

    /** {@code {"action": "add", "name", "report", "cadence", "hour", "webhook" or "mail": "a@b.c, d@e.f", "by"}}, or {@code "stop" | "send"} and an {@code "id"}. */
    Mono<ServerResponse> act(ServerRequest request) {
        return admin.posted(request, "schedule reports", text -> {
            JsonNode body = parse(text);
            switch (body.path("action").asString("")) {
                case "add" -> schedules.add(added(body));
                case "stop" -> {
                    ReportSchedule it = known(body);
                    schedules.move(it, null, 0);
                }
                case "send" -> send(known(body));
                default -> throw new IllegalArgumentException("action is add, stop or send");
            }
            return all();
        });
    }

    private void send(ReportSchedule it) {
        try {
            sender.send(it);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private ReportSchedule added(JsonNode body) {
        Instant now = clock.instant();
        Cadence cadence = read("cadence is daily, weekly or monthly",
                () -> Cadence.valueOf(body.path("cadence").asString("").toUpperCase(Locale.ROOT)));
        URI to = to(body);
        int hour = body.path("hour").asInt(-1);
        if (hour < 0 || hour > 23) {
            throw new IllegalArgumentException("hour is 0 to 23 (UTC)");
        }
        return new ReportSchedule(ids.get().toString(), body.path("name").asString(""),
                body.path("report").asString(""),
                cadence, hour, to, body.path("by").asString(""), now, cadence.after(now, hour), 0);
    }

    private URI to(JsonNode body) {
        String readers = body.path("mail").asString("").strip();
        if (readers.isEmpty()) {
            return read("webhook is no address", () -> URI.create(body.path("webhook").asString("")));
        }
        if (!mailer.ready()) {
            throw new IllegalArgumentException(
                    "the configuration names no mail server; write mail: {host: …, from: …} into pareto.yaml");
        }
        return ReportSchedule.mailTo(List.of(readers.split(",")));
    }

    private static <T> T read(String otherwise, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(otherwise, wrong);
        }
    }

    private ReportSchedule known(JsonNode body) {
        String id = body.path("id").asString("");
        return schedules.find(id).orElseThrow(() -> new IllegalArgumentException("there is no schedule '" + id + "'"));
    }

    private static JsonNode parse(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("the body is not JSON", malformed);
        }
    }
}
