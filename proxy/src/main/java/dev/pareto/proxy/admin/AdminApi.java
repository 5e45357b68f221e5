package dev.pareto.proxy.admin;

import dev.pareto.dashboards.ask.Report;
import dev.pareto.dashboards.store.RowsDropped;
import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.dashboards.web.Pages;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.decide.Fingerprints;
import dev.pareto.policies.swap.IllegalMoveException;
import dev.pareto.proxy.BackgroundThreads;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.access.Deed;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.upstream.LocalModels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON of the admin port. Queries run on threads of their own, never on an event loop and never on virtual threads: a query of a
 * file runs in a native library, which keeps the thread beneath a virtual one, and calls share a handful of those. Reports, which
 * are work, get half of the processors at most; whoever asks for more of them at a time waits, and calls do not.
 */
final class AdminApi {

    /** More than any verdict needs; the framework's own bound for a body that is read whole. */
    static final int MAX_BODY_BYTES = 256 << 10;

    private static final int MOST_QUERIES = 8;
    /** One less than a file has connections for readers. */
    private static final int MOST_REPORTS = 3;
    /** Of a thread; beyond, who asks is told so. */
    private static final int MOST_WAITING = 256;
    private static final int IDLE_SECONDS = 60;
    private static final int PAGE = 50;
    private static final int MAX_PAGE = 200;

    /**
     * What {@code GET /api/models} tells of each model.
     *
     * @param id the catalogue's name
     * @param fingerprint of what serves it now; null when it is not ours to know
     * @param priced whether what a call costs can be known
     * @param residence null for models of other processes
     */
    record ServedModel(String id, boolean open, boolean simulated, boolean priced, @Nullable Integer contextLength,
            @Nullable String fingerprint, @Nullable ModelResidence residence) {}

    private final DashboardApi dashboard;
    private final VerdictBook verdicts;
    private final SwapBook swaps;
    private final LiveConfig config;
    private final Fingerprints fingerprints;
    private final LocalModels local;
    private final JsonMapper json = new JsonMapper();
    private final Scheduler queries = Schedulers.newBoundedElastic(MOST_QUERIES, MOST_WAITING,
            BackgroundThreads.named("pareto-admin"), IDLE_SECONDS);
    private final Scheduler reports = Schedulers.newBoundedElastic(
            Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_REPORTS), MOST_WAITING,
            BackgroundThreads.named("pareto-reports"), IDLE_SECONDS);

    AdminApi(DashboardApi dashboard, VerdictBook verdicts, SwapBook swaps, LiveConfig config,
            Fingerprints fingerprints, LocalModels local) {
        this.local = local;
        this.dashboard = dashboard;
        this.verdicts = verdicts;
        this.swaps = swaps;
        this.config = config;
        this.fingerprints = fingerprints;
    }

    Mono<ServerResponse> overview(ServerRequest request) {
        return read(() -> dashboard.overview(request.queryParam("period").orElse(null)));
    }

    Mono<ServerResponse> attempts(ServerRequest request) {
        return answer(() -> dashboard.attempts(request.queryParam("before").orElse(null),
                limit(request, PAGE)));
    }

    Mono<ServerResponse> decision(ServerRequest request) {
        return answer(
                () -> dashboard.decision(request.pathVariable("id"))
                        .orElseThrow(() -> refused(404, "request_not_found",
                                "there is no request " + request.pathVariable("id") + " in the ledger")));
    }

    Mono<ServerResponse> verdicts(ServerRequest request) {
        return answer(dashboard::verdicts);
    }

    Mono<ServerResponse> allVerdicts(ServerRequest request) {
        return answer(() -> {
            ObjectNode answer = json.createObjectNode();
            var list = answer.putArray("verdicts");
            verdicts.latest(limit(request, MAX_PAGE), skip(request))
                    .forEach(stored -> list.add(json.readTree(stored.json())));
            return answer;
        });
    }

    Mono<ServerResponse> file(ServerRequest request) {
        return posted(request, "file verdicts", body -> {
            try {
                verdicts.file(VerdictJson.read(body));
            } catch (VerdictBook.ForkException fork) {
                throw refused(409, "verdict_chain", String.valueOf(fork.getMessage()));
            }
            swaps.look();
            return Map.of("filed", true);
        });
    }

    /** What a post leads to. */
    @FunctionalInterface
    interface Work {
        Object answer(String body);
    }

    /** @param what a page of another origin may not do */
    Mono<ServerResponse> posted(ServerRequest request, String what, Work work) {
        return body(request, what).flatMap(body -> {
            String signed = Deed.signed(request.exchange(), body);
            return answer(() -> work.answer(signed));
        });
    }

    /** What a page of this port, or a program, posts as JSON. */
    Mono<String> body(ServerRequest request, String what) {
        if (foreign(request)) {
            return Mono.error(refused(403, "foreign_origin", "a page of another origin may not " + what));
        }
        // a page can post other types without asking first
        if (request.headers().contentType().filter(MediaType.APPLICATION_JSON::isCompatibleWith).isEmpty()) {
            return Mono.error(refused(415, "unsupported_content_type", "send Content-Type: application/json"));
        }
        return request.bodyToMono(String.class).defaultIfEmpty("");
    }

    /** A browser names the origin of a page that posts; only the pages of this port may. */
    private static boolean foreign(ServerRequest request) {
        String origin = request.headers().firstHeader("Origin");
        String host = request.headers().firstHeader("Host");
        return origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host);
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
        return new ServedModel(model.id().toString(), model.open(), simulated, priced(model), model.contextLength(),
                fingerprints.of(model.id()), ModelResidence.of(local.status(model.id())));
    }

    private boolean priced(Model model) {
        String sku = model.priceSku();
        return config.get()
                .prices()
                .skus()
                .stream()
                .anyMatch(known -> known.equals(sku) || known.startsWith(sku + PriceBook.REGION));
    }

    /** A file; or for a browser the page itself, which draws what its address says, be it that there is no such page. */
    static Mono<ServerResponse> page(Pages pages, ServerRequest request) {
        Optional<Pages.Page> file = pages.find(request.path());
        if (file.isPresent()) {
            return sent(HttpStatus.OK, file.get());
        }
        boolean browser = request.headers().accept().contains(MediaType.TEXT_HTML);
        return (browser && !request.path().startsWith("/api/") ? pages.index() : Optional.<Pages.Page>empty())
                .map(index -> sent(pages.known(request.path()) ? HttpStatus.OK : HttpStatus.NOT_FOUND, index))
                .orElseGet(() -> Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND)));
    }

    private static Mono<ServerResponse> sent(HttpStatus status, Pages.Page page) {
        var response = ServerResponse.status(status);
        page.headers().forEach(response::header);
        return response.bodyValue(page.body());
    }

    static int limit(ServerRequest request, int otherwise) {
        String text = request.queryParam("limit").orElse(Integer.toString(otherwise));
        int limit = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit is a number from 1 to " + MAX_PAGE);
        }
        return limit;
    }

    private static int skip(ServerRequest request) {
        String text = request.queryParam("skip").orElse("0");
        if (!text.matches("\\d{1,6}")) {
            throw new IllegalArgumentException("skip is a number from 0");
        }
        return Integer.parseInt(text);
    }

    Mono<ServerResponse> answer(Callable<?> query) {
        return json(computed(query, queries));
    }

    /** The same of what takes work: it waits for its turn. */
    Mono<ServerResponse> read(Callable<?> report) {
        return json(computed(report, reports));
    }

    private Mono<ServerResponse> json(Mono<?> answer) {
        return answer.flatMap(body -> ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .bodyValue(json.writeValueAsBytes(body)));
    }

    /** A question to the store that is answered soon. */
    <T> Mono<T> computed(Callable<T> query) {
        return computed(query, queries);
    }

    private static <T> Mono<T> computed(Callable<T> query, Scheduler threads) {
        return Mono.fromCallable(query)
                .subscribeOn(threads)
                .onErrorMap(RejectedExecutionException.class,
                        full -> refused(503, "busy", "too many reports wait already; ask again in a minute"))
                .onErrorMap(IllegalArgumentException.class,
                        wrong -> refused(400, "invalid_request", String.valueOf(wrong.getMessage())))
                .onErrorMap(RowsDropped.class,
                        gone -> refused(410, "rows_dropped", String.valueOf(gone.getMessage())))
                .onErrorMap(IllegalMoveException.class,
                        wrong -> refused(409, "illegal_move", String.valueOf(wrong.getMessage())));
    }

    /** A report in the form that {@code format} asks for: {@code json}, which is usual, or {@code csv}, a file. */
    Mono<ServerResponse> report(ServerRequest request, Function<Map<String, List<String>>, Report> report) {
        return switch (request.queryParam("format").orElse("json")) {
            case "json" -> read(() -> report.apply(request.queryParams()));
            case "csv" -> computed(() -> report.apply(request.queryParams()).sheet(), reports)
                    .flatMap(sheet -> ServerResponse.ok()
                            .header("Content-Type", "text/csv; charset=utf-8")
                            .header("Content-Disposition", "attachment; filename=\"" + sheet.name() + ".csv\"")
                            .header("Cache-Control", "no-store")
                            .bodyValue(sheet.csv().getBytes(StandardCharsets.UTF_8)));
            default -> Mono.error(refused(400, "invalid_request", "format is json or csv"));
        };
    }

    static RefusedException refused(int status, String code, String message) {
        return new RefusedException(OpenAiError.refused(status, code, message));
    }
}
