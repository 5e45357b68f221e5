package dev.pareto.proxy.admin;

import dev.pareto.dashboards.access.StoreState;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.LiveConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.RouterFunctions;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** What runs here, how its store does, how long it keeps what, and the configuration in force. */
final class SystemApi {

    private static final String VERSION = "0.1.0";
    private static final String HIDDEN = "***";

    private final Store store;
    private final LiveConfig config;
    private final Instant since;
    private final AdminApi admin;
    private final JsonMapper masked = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(new Text<>(Secret.class, secret -> HIDDEN))
                    .addSerializer(new Text<>(URI.class, SystemApi::plain))
                    .addSerializer(new Text<>(ModelId.class, ModelId::toString))
                    .addSerializer(new Text<>(Duration.class, Duration::toString))
                    .addSerializer(new Text<>(Money.class, Money::toString)))
            .build();

    /** @param since when this gateway started */
    SystemApi(Store store, LiveConfig config, Instant since, AdminApi admin) {
        this.store = store;
        this.config = config;
        this.since = since;
        this.admin = admin;
    }

    RouterFunctions.Builder add(RouterFunctions.Builder routes) {
        return routes.GET("/api/system", request -> admin.answer(this::system))
                .GET("/api/config", request -> admin.answer(this::inForce));
    }

    /** How long something is kept, in words. */
    record Kept(String what, String howLong, String setting) {}

    record Running(String version, String java, Instant since, @Nullable String file, StoreState store,
            List<Kept> retention) {}

    private Running system() {
        Path file = config.file();
        return new Running(VERSION, Runtime.version().toString(), since, file == null ? null : file.toString(),
                StoreState.of(store), retention(config.get().gateway()));
    }

    private static List<Kept> retention(GatewaySettings gateway) {
        Integer months = gateway.books().keepMonths();
        GatewaySettings.Samples samples = gateway.samples();
        var kept = new ArrayList<Kept>();
        kept.add(new Kept("Calls and their charge lines",
                months == null ? "for good" : months + " whole months, then of closed months sums and hashes",
                "ledger.keep-months"));
        kept.add(new Kept("Sums by hour and day, months, corrections, the chain of hashes", "for good", ""));
        kept.add(new Kept("Sampled prompts",
                samples == null ? "none are kept" : days(samples.keep()) + ", encrypted", "samples.keep"));
        kept.add(new Kept("Features of prompts and their labels, which routing learns from",
                days(gateway.feedback().keepLabels()), "feedback.keep-labels"));
        kept.add(new Kept("Callers' feedback on answers", "for good", ""));
        kept.add(new Kept("The journal of acts on this port", "for good", ""));
        return kept;
    }

    private static String days(Duration time) {
        return time.toDays() > 0 ? time.toDays() + " days" : time.toHours() + " hours";
    }

    /** Everything that is stated, with defaults, without what is secret. */
    private Object inForce() {
        ParetoConfig now = config.get();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("gateway", now.gateway());
        shown.put("vendors", now.catalogue().vendors());
        Map<String, Object> routes = new LinkedHashMap<>();
        now.routes().values().stream().filter(Route::declared).forEach(route -> routes.put(route.name(), shown(route)));
        shown.put("routes", routes);
        shown.put("policies", now.policies().keySet());
        shown.put("swaps", now.swaps().keySet());
        shown.put("experiments", now.experiments().keySet());
        shown.put("warnings", now.warnings());
        return masked.valueToTree(shown);
    }

    private static Map<String, Object> shown(Route route) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("candidates", route.candidates().stream().map(ModelId::toString).toList());
        shown.put("fallbacks", route.fallbacks().stream().map(ModelId::toString).toList());
        shown.put("policy", String.valueOf(route.policy()));
        shown.put("sample", route.sample());
        shown.put("hold-out", route.holdOut());
        return shown;
    }

    /** An address without a name, a password or a query, any of which could be a key. */
    private static String plain(URI address) {
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        return address.getHost() == null
                ? HIDDEN
                : address.getScheme() + "://" + address.getHost() + port
                        + (address.getPath() == null ? "" : address.getPath());
    }

    /** Writes something as one text. */
    private static final class Text<T> extends StdSerializer<T> {

        private final java.util.function.Function<T, String> words;

        Text(Class<T> type, java.util.function.Function<T, String> words) {
            super(type);
            this.words = words;
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeString(words.apply(value));
        }
    }
}
