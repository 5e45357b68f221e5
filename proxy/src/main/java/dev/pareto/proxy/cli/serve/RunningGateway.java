package dev.pareto.proxy.cli.serve;

import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigSource;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Route;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.ParetoApplication;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.key.Callers;
import dev.pareto.proxy.swap.SwapClock;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway in this process, and what a person wants to know of it when it is up. */
public final class RunningGateway implements AutoCloseable {

    /** What the command line sets over the configuration; null leaves it. */
    public record Overrides(@Nullable String host, @Nullable Integer port, @Nullable Integer adminPort,
            @Nullable Path data) {

        public Overrides {
            checkPort("--port", port);
            checkPort("--admin-port", adminPort);
        }

        private static void checkPort(String option, @Nullable Integer port) {
            if (port != null && (port < 0 || port > 65_535)) {
                throw new UsageException(option + " " + port + ": a port is a number from 0 (any free one) to 65535");
            }
        }
    }

    private static final ModelId ON_BOARD = new ModelId("local", "support-desk");

    private final ConfigurableApplicationContext context;
    private final GatewaySettings settings;
    private final ConfigWatch watch;
    private final CountDownLatch ended = new CountDownLatch(1);

    /** @param settings that it was started with: a later configuration does not move its ports */
    private RunningGateway(ConfigurableApplicationContext context, GatewaySettings settings, ConfigWatch watch) {
        this.context = context;
        this.settings = settings;
        this.watch = watch;
    }

    public static RunningGateway start(Path file, Overrides overrides, PrintWriter log) throws ConfigException {
        return start(file, overrides, SwapClock.of(InstantSource.system()), log);
    }

    /** @param swaps the time by which swaps are moved */
    public static RunningGateway start(Path file, Overrides overrides, SwapClock swaps, PrintWriter log)
            throws ConfigException {
        var source = new ConfigSource(file, System.getenv(), config -> overridden(config, file, overrides));
        source.current().warnings().forEach(warning -> log.println("pareto: " + warning));
        GatewaySettings settings = source.current().gateway();
        ConfigurableApplicationContext context = context(source.current(), swaps);
        context.getBean(LiveConfig.class).readFrom(file);
        var watch = new ConfigWatch(source, context.getBean(LiveConfig.class)::replace, log);
        var gateway = new RunningGateway(context, settings, watch);
        context.addApplicationListener(event -> {
            if (event instanceof org.springframework.context.event.ContextClosedEvent closed
                    && closed.getApplicationContext().equals(context)) {
                gateway.ended.countDown();
            }
        });
        watch.start();
        return gateway;
    }

    private static ConfigurableApplicationContext context(ParetoConfig config, SwapClock swaps) {
        StartFault.checkAddresses(config.gateway());
        try {
            return ParetoApplication.start(config, swaps);
        } catch (RuntimeException failure) {
            throw StartFault.explain(failure, config.gateway());
        }
    }

    private static ParetoConfig overridden(ParetoConfig config, Path file, Overrides overrides) {
        GatewaySettings stated = config.gateway();
        Path data = overrides.data() != null ? overrides.data() : dataFolder(file, stated);
        var settings = new GatewaySettings(overrides.host() == null ? stated.host() : overrides.host(),
                overrides.port() == null ? stated.port() : overrides.port(), stated.adminHost(),
                overrides.adminPort() == null ? stated.adminPort() : overrides.adminPort(), stated.adminNames(),
                stated.maxBodyBytes(), data.toString(), stated.requireKeys(), stated.keys(), stated.engine(),
                stated.speculation(), stated.samples(), stated.feedback(), stated.ledger(), stated.books());
        return config.with(settings);
    }

    public URI data() {
        return address(settings.host(), "local.server.port");
    }

    public URI admin() {
        return address(settings.adminHost(), "local.management.port");
    }

    private URI address(String host, String property) {
        return address(host, context.getEnvironment().getRequiredProperty(property, Integer.class));
    }

    /** Where a caller on this machine finds what listens there: all addresses together are none to call. */
    static URI address(String host, int port) {
        try {
            InetAddress at = InetAddress.getByName(host);
            String called = !at.isAnyLocalAddress() ? host : at instanceof Inet4Address ? "127.0.0.1" : "::1";
            return new URI("http", null, called, port, null, null, null);
        } catch (UnknownHostException | URISyntaxException impossible) {
            throw new IllegalStateException("something listens at " + host + ", which is no address", impossible);
        }
    }

    public ParetoConfig config() {
        return context.getBean(LiveConfig.class).get();
    }

    /** Where everything is, and one line to copy. */
    String banner() {
        String ready = config().catalogue()
                .models()
                .stream()
                .filter(Model::open)
                .map(model -> model.id().toString())
                .collect(Collectors.joining(", "));
        double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
        return String.format(Locale.ROOT,
                """

                Pareto is ready after %.1f s.

                  API      %s/v1        (OpenAI dialect: change your base URL to this)
                  pages    %s/
                  models   %s

                """, seconds, data(), admin(), ready.isEmpty() ? "none on this machine" : ready) + tryIt();
    }

    private String tryIt() {
        return example().map(model -> """
                                      Try it:

                                        curl %s/v1/chat/completions -H 'Content-Type: application/json'%s \\
                                          -d '{"model": "%s", "messages": [{"role": "user", "content": \
                                      "Which queue? My parcel was due on Monday and has not arrived."}]}'
                                      """.formatted(data(), keyHeader(), model))
                .orElse("Every model here is a recording, which answers the prompts it was made of and no other.\n");
    }

    /** The model on board where it serves, else the first route on which somebody answers any prompt. */
    private Optional<String> example() {
        Catalogue catalogue = config().catalogue();
        if (catalogue.served(ON_BOARD).isPresent()) {
            return Optional.of(ON_BOARD.toString());
        }
        return config().routes()
                .values()
                .stream()
                .filter(route -> route.candidates().stream().anyMatch(model -> answersAll(catalogue, model)))
                .map(Route::name)
                .findFirst();
    }

    private static boolean answersAll(Catalogue catalogue, ModelId model) {
        return catalogue.vendor(model.vendor()).filter(vendor -> vendor.kind() != VendorKind.RECORDED).isPresent();
    }

    /** A relative folder lies beside the configuration. */
    public static Path dataFolder(Path config, GatewaySettings settings) {
        return config.toAbsolutePath().resolveSibling(settings.dataDir()).normalize();
    }

    private String keyHeader() {
        return context.getBean(Callers.class).keysRequired() ? " -H \"Authorization: Bearer $PARETO_KEY\"" : "";
    }

    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        watch.close();
        context.close();
    }
}
