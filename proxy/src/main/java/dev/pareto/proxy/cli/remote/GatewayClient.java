package dev.pareto.proxy.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.evals.run.Answer;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.ModelCallException;
import dev.pareto.evals.run.ModelClient;
import dev.pareto.evals.verdict.Verdict;
import dev.pareto.evals.verdict.VerdictJson;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running gateway, as the command line uses it: its data port for models, its admin port for verdicts. Thread-safe. */
public final class GatewayClient implements ModelClient, AutoCloseable {

    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(3);
    private static final int MOST_VERDICTS = 200;

    private final URI data;
    private final URI admin;
    private final @Nullable Secret key;
    private final @Nullable Secret adminKey;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final JsonMapper json = new JsonMapper();

    /**
     * With the admin key of the environment, {@code PARETO_ADMIN_KEY}: on the command line others would see it.
     *
     * @param data the data port's address
     * @param admin the admin port's address
     * @param key presented on the data port; null for none
     */
    public GatewayClient(URI data, URI admin, @Nullable Secret key) {
        this(data, admin, key, fromEnvironment());
    }

    /** @param adminKey presented on the admin port; null for none */
    public GatewayClient(URI data, URI admin, @Nullable Secret key, @Nullable Secret adminKey) {
        this.data = data;
        this.admin = admin;
        this.key = key;
        this.adminKey = adminKey;
    }

    private static @Nullable Secret fromEnvironment() {
        String key = System.getenv("PARETO_ADMIN_KEY");
        return key == null || key.isBlank() ? null : new Secret(key.strip());
    }

    @Override
    public Answer ask(ModelId model, List<Map<String, Object>> messages, Map<String, Object> sampling)
            throws ModelCallException, InterruptedException {
        var body = new LinkedHashMap<String, Object>();
        body.put("model", model.toString());
        body.put("messages", messages);
        body.putAll(sampling);
        var request = call("/v1/chat/completions").timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json")
                .header("Pareto-Cache", "no-store")
                .header("Pareto-Tags", "purpose=eval")
                .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
        long startedAt = System.nanoTime();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            return answer(response, Duration.ofNanos(System.nanoTime() - startedAt));
        } catch (IOException failed) {
            throw new ModelCallException("no answer from " + data + ": " + failed.getMessage(), true, null);
        }
    }

    private HttpRequest.Builder call(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(data.resolve(path));
        return key == null ? request : request.header("Authorization", "Bearer " + key.reveal());
    }

    /** @throws UsageException when the data port does not let this caller in */
    public void checkKey() throws InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(call("/v1/models").timeout(Duration.ofSeconds(10)).build(),
                    BodyHandlers.ofByteArray());
            if (response.statusCode() == 401) {
                throw new UsageException("the gateway on " + data + " takes callers with one of its keys only, and "
                        + (key == null ? "none was given" : "does not know this one")
                        + "; give one with --key or in PARETO_KEY (./pareto keys create makes one)");
            }
        } catch (IOException nobody) {
            throw new UsageException("no gateway answers on " + data + "; name it with --gateway", nobody);
        }
    }

    private Answer answer(HttpResponse<byte[]> response, Duration latency) throws ModelCallException {
        JsonNode body = parse(response.body());
        int status = response.statusCode();
        if (status != 200) {
            String reason = body.path("error").path("message").asString("status " + status);
            Duration wait = response.headers()
                    .firstValue("Retry-After")
                    .filter(value -> value.matches("\\d{1,4}"))
                    .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                    .orElse(null);
            if (status == 401 || status == 403) {
                throw ModelCallException.denied(status + ": " + reason);
            }
            throw new ModelCallException(status + ": " + reason, status == 429 || status >= 500, wait);
        }
        JsonNode choice = body.path("choices").path(0);
        JsonNode usage = body.path("usage");
        return new Answer(words(choice.path("message")), latency,
                response.headers()
                        .firstValue("Pareto-Cost-Usd")
                        .map(cost -> new Money(new BigDecimal(cost), "USD"))
                        .orElse(null),
                tokens(usage.path("prompt_tokens")), tokens(usage.path("completion_tokens")),
                response.headers().firstValue("Pareto-Simulated").filter("true"::equals).isPresent(),
                text(choice.path("finish_reason")), body.path("model").asString("unknown"),
                text(body.path("system_fingerprint")),
                response.headers().firstValue("Pareto-Cache").filter("hit"::equals).isPresent());
    }

    /** What the model wrote; its calls as JSON where it wrote nothing else, for graders of tool calls. */
    private static String words(JsonNode message) {
        String content = message.path("content").asString("");
        JsonNode calls = message.path("tool_calls");
        return content.isBlank() && calls.isArray() && !calls.isEmpty() ? calls.toString() : content;
    }

    private static @Nullable Long tokens(JsonNode count) {
        return count.isIntegralNumber() ? (Long) count.asLong() : null;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() ? value.stringValue() : null;
    }

    private JsonNode parse(byte[] body) throws ModelCallException {
        try {
            return json.readTree(body);
        } catch (JacksonException malformed) {
            throw new ModelCallException("the answer is not JSON", true, null);
        }
    }

    /** Whether anything at all speaks HTTP on the admin port's address. */
    boolean heard() throws InterruptedException {
        try {
            get("/");
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    /** Whether a gateway listens there. */
    boolean reachable() throws InterruptedException {
        try {
            return get("/actuator/health").statusCode() == 200;
        } catch (IOException nobody) {
            return false;
        }
    }

    /** The model with what serves it now, as far as the gateway knows. */
    public Contestant contestant(ModelId model) throws IOException, InterruptedException {
        for (JsonNode served : told("/api/models").path("models")) {
            if (served.path("id").asString("").equals(model.toString())) {
                return new Contestant(model, text(served.path("fingerprint")));
            }
        }
        throw new UsageException("the gateway knows no model " + model + "; GET " + admin.resolve("/api/models")
                + " lists those it knows");
    }

    /** Whether the gateway has a price for the model; what it does not say is taken as one. */
    public boolean priced(ModelId model) throws IOException, InterruptedException {
        return told("/api/models").path("models")
                .valueStream()
                .filter(served -> served.path("id").asString("").equals(model.toString()))
                .allMatch(served -> served.path("priced").asBoolean(true));
    }

    /** The verdicts on file as rows of a list, newest first, as many as the gateway gives at once. */
    public JsonNode verdictRows() throws IOException, InterruptedException {
        return told("/api/verdicts/list?limit=" + MOST_VERDICTS);
    }

    /** The verdicts on file, newest first, as many as the gateway gives at once. */
    public List<Verdict> verdicts() throws IOException, InterruptedException {
        return verdicts(MOST_VERDICTS);
    }

    /** @return the hash of the verdict filed last; null when there is none */
    public @Nullable String newestHash() throws IOException, InterruptedException {
        String hash = told("/api/verdicts/all?limit=1").at("/verdicts/0/sha256").asString("");
        return hash.isEmpty() ? null : hash;
    }

    /** Every verdict on file as it stands there, whole or not, oldest first. */
    public List<JsonNode> chain() throws IOException, InterruptedException {
        Map<String, JsonNode> newestFirst = new LinkedHashMap<>();
        int read = MOST_VERDICTS;
        for (int skip = 0; read == MOST_VERDICTS; skip += read) {
            read = 0;
            for (JsonNode verdict : told("/api/verdicts/all?limit=" + MOST_VERDICTS + "&skip=" + skip)
                    .path("verdicts")) {
                // one filed meanwhile moves the others on by one
                newestFirst.putIfAbsent(verdict.path("id").asString(""), verdict);
                read++;
            }
        }
        return List.copyOf(newestFirst.values()).reversed();
    }

    private List<Verdict> verdicts(int limit) throws IOException, InterruptedException {
        return told("/api/verdicts/all?limit=" + limit).path("verdicts")
                .valueStream()
                .map(verdict -> VerdictJson.read(verdict.toString()))
                .toList();
    }

    /** Every swap and where it stands. */
    public JsonNode swaps() throws IOException, InterruptedException {
        return json.readTree(get("/api/swaps").body());
    }

    /** The newest moves of a route's swaps. */
    public JsonNode moves(String route) throws IOException, InterruptedException {
        return json.readTree(get("/api/swaps/moves?route=" + URLEncoder.encode(route, UTF_8)).body());
    }

    /** Tells how answers of a route's open model were graded, each from 0 to 1. */
    public void grade(String route, List<Double> scores) throws IOException, InterruptedException {
        List<Map<String, Double>> each = scores.stream().map(score -> Map.of("candidate", score)).toList();
        HttpResponse<String> response = post("/api/swaps/scores",
                json.writeValueAsString(Map.of("route", route, "scores", each)));
        if (response.statusCode() != 200) {
            throw new IOException("the grades were not taken (" + response.statusCode() + "): " + response.body());
        }
    }

    /** What a person does to a swap; the answer is where it stands then. */
    public JsonNode steer(JsonNode action) throws IOException, InterruptedException {
        HttpResponse<String> response = post("/api/swaps/actions", action.toString());
        JsonNode answer = json.readTree(response.body());
        if (response.statusCode() != 200) {
            throw new UsageException(answer.path("error").path("message").asString("status " + response.statusCode()));
        }
        return answer;
    }

    /** Every experiment and where it stands. */
    public JsonNode experiments() throws IOException, InterruptedException {
        return told("/api/experiments");
    }

    /**
     * One experiment with its moves and looks.
     *
     * @throws UsageException when there is none of that name
     */
    public JsonNode experiment(String name) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get("/api/experiments/" + URLEncoder.encode(name, UTF_8).replace("+", "%20"));
        return understood(response.statusCode(), new String(response.body(), UTF_8));
    }

    /** What a person does to an experiment; the answer is where it stands then. */
    public JsonNode experiment(JsonNode action) throws IOException, InterruptedException {
        HttpResponse<String> response = post("/api/experiments/actions", action.toString());
        return understood(response.statusCode(), response.body());
    }

    /** Has a route's predictor taught now; the answer is what came of it. */
    public JsonNode teach(String route) throws IOException, InterruptedException {
        var request = asked(admin.resolve("/api/predictors/train"))
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(Map.of("route", route))))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        return understood(response.statusCode(), response.body());
    }

    /** What a person does to the books; the answer is what it led to. */
    public JsonNode books(JsonNode action) throws IOException, InterruptedException {
        HttpResponse<String> response = post("/api/ledger/actions", action.toString());
        return understood(response.statusCode(), response.body());
    }

    /** Every budget and where it stands. */
    public JsonNode budgets() throws IOException, InterruptedException {
        return told("/api/budgets");
    }

    /** What a person does to a budget; the answer is how it is then. */
    public JsonNode budget(JsonNode action) throws IOException, InterruptedException {
        HttpResponse<String> response = post("/api/budgets/actions", action.toString());
        return understood(response.statusCode(), response.body());
    }

    private JsonNode understood(int status, String body) {
        try {
            JsonNode answer = json.readTree(body);
            if (status == 200) {
                return answer;
            }
            throw new UsageException(answer.path("error").path("message").asString("status " + status));
        } catch (JacksonException noJson) {
            throw new UsageException("what answers on " + admin + " is not the admin port of this version's gateway",
                    noJson);
        }
    }

    private HttpRequest.Builder asked(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        return adminKey == null ? request : request.header("Authorization", "Bearer " + adminKey.reveal());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        var request = asked(admin.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /**
     * Files a verdict; routing obeys it from its answer on.
     *
     * @return false when another one was filed since it was made: it must be made anew to stand behind that
     */
    public boolean record(Verdict verdict) throws IOException, InterruptedException {
        HttpResponse<String> response = post("/api/verdicts", VerdictJson.write(verdict));
        if (response.statusCode() / 100 == 2) {
            return true;
        }
        if (response.statusCode() == 409) {
            return false;
        }
        throw new UsageException("the gateway did not file the verdict (" + response.statusCode() + "): "
                + response.body());
    }

    /** @throws UsageException when what answers there is no gateway's admin port */
    private JsonNode told(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(path);
        try {
            if (response.statusCode() == 200) {
                return json.readTree(response.body());
            }
            if (response.statusCode() == 401 || response.statusCode() == 403) {
                throw new UsageException(
                        json.readTree(response.body()).at("/error/message").asString("it asks for a key"));
            }
        } catch (JacksonException noJson) {
            // told below
        }
        throw new UsageException("what answers at " + admin.resolve(path) + " (status " + response.statusCode()
                + ") is not the admin port of this version's gateway; name it with --admin");
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(asked(admin.resolve(path)).timeout(Duration.ofSeconds(10)).build(),
                BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        http.close();
    }
}
