package dev.pareto.proxy.admin;

import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.dashboards.web.Pages;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.Model;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.policies.decide.Fingerprints;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of the admin port. Queries run on virtual threads, never on an event loop. */
final class AdminApi {

    private static final int PAGE = 50;
    private static final int MAX_PAGE = 200;

    /**
     * What {@code GET /api/models} tells of each model.
     *
     * @param id the catalogue's name
     * @param fingerprint of what serves it now; null when it is not ours to know
     */
    record ServedModel(String id, boolean open, boolean simulated, @Nullable Integer contextLength,
            @Nullable String fingerprint) {}

    private final DashboardApi dashboard;
    private final VerdictBook verdicts;
    private final LiveConfig config;
    private final Fingerprints fingerprints;
    private final JsonMapper json = new JsonMapper();
    private final Scheduler queries = Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor());

    AdminApi(DashboardApi dashboard, VerdictBook verdicts, LiveConfig config, Fingerprints fingerprints) {
        this.dashboard = dashboard;
        this.verdicts = verdicts;
        this.config = config;
        this.fingerprints = fingerprints;
    }

    Mono<ServerResponse> overview(ServerRequest request) {
        return answer(() -> dashboard.overview(request.queryParam("period").orElse(null)));
    }

    Mono<ServerResponse> attempts(ServerRequest request) {
        return answer(() -> dashboard.attempts(request.queryParam("before").orElse(null),
                request.queryParam("limit").map(AdminApi::limit).orElse(PAGE)));
    }

    Mono<ServerResponse> decision(ServerRequest request) {
        return answer(
                () -> dashboard.decision(request.pathVariable("id"))
                        .orElseThrow(() -> new ResponseStatusException(
                                HttpStatus.NOT_FOUND,
                                "there is no request " + request.pathVariable("id") + " in the ledger")));
    }

    Mono<ServerResponse> verdicts(ServerRequest request) {
        return answer(() -> {
            verdicts.refresh();
            return dashboard.verdicts();
        });
    }

    Mono<ServerResponse> allVerdicts(ServerRequest request) {
        return answer(() -> {
            ObjectNode answer = json.createObjectNode();
            var list = answer.putArray("verdicts");
            verdicts.latest().forEach(stored -> list.add(json.readTree(stored.json())));
            return answer;
        });
    }

    Mono<ServerResponse> file(ServerRequest request) {
        if (foreign(request)) {
            return reply(HttpStatus.FORBIDDEN, error("a page of another origin may not file verdicts"));
        }
        return request.bodyToMono(String.class).defaultIfEmpty("").flatMap(body -> answer(() -> {
            verdicts.file(VerdictJson.read(body));
            return Map.of("filed", true);
        }));
    }

    /** A browser names the origin of a page that posts; only the pages of this port may. */
    private static boolean foreign(ServerRequest request) {
        String origin = request.headers().firstHeader("Origin");
        String host = request.headers().firstHeader("Host");
        boolean json = request.headers().contentType().filter(MediaType.APPLICATION_JSON::isCompatibleWith).isPresent();
        return !json || (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host));
    }

    Mono<ServerResponse> models(ServerRequest request) {
        return answer(() -> Map.of("models", config.get().catalogue().models().stream().map(this::served).toList()));
    }

    Mono<ServerResponse> check(ServerRequest request) {
        return answer(dashboard::check);
    }

    private ServedModel served(Model model) {
        boolean simulated = config.get()
                .catalogue()
                .vendor(model.id().vendor())
                .map(vendor -> vendor.simulated())
                .orElse(false);
        return new ServedModel(model.id().toString(), model.open(), simulated, model.contextLength(),
                fingerprints.of(model.id()));
    }

    static Mono<ServerResponse> page(Pages pages, ServerRequest request) {
        return pages.find(request.path()).map(page -> {
            var response = ServerResponse.ok();
            page.headers().forEach(response::header);
            return response.bodyValue(page.body());
        }).orElseGet(() -> ServerResponse.notFound().build());
    }

    private static int limit(String text) {
        if (!text.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("limit is a number from 1 to " + MAX_PAGE);
        }
        return Math.clamp(Integer.parseInt(text), 1, MAX_PAGE);
    }

    private Mono<ServerResponse> answer(Callable<?> query) {
        return Mono.fromCallable(query)
                .subscribeOn(queries)
                .flatMap(body -> reply(HttpStatus.OK, body))
                .onErrorResume(IllegalArgumentException.class,
                        wrong -> reply(HttpStatus.BAD_REQUEST, error(wrong.getMessage())))
                .onErrorResume(JacksonException.class,
                        wrong -> reply(HttpStatus.BAD_REQUEST, error("not the JSON that is expected here")))
                .onErrorResume(ResponseStatusException.class,
                        missing -> reply(HttpStatus.NOT_FOUND, error(missing.getReason())));
    }

    private Mono<ServerResponse> reply(HttpStatus status, Object body) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .bodyValue(json.writeValueAsBytes(body));
    }

    private static Map<String, List<String>> error(@Nullable String message) {
        return Map.of("errors", List.of(message == null ? "that did not work" : message));
    }
}
