package dev.pareto.proxy.simulate;

import dev.pareto.evals.suite.SuiteException;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.proxy.upstream.Upstream;
import dev.pareto.proxy.upstream.Upstreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes the upstreams of simulated vendors. Thread-safe. */
public final class SimulatedVendors implements Upstreams {

    private final Path suites;
    private final InstantSource clock;
    private final Map<List<String>, AnswerKey> keys = new ConcurrentHashMap<>();

    /** @param suites the folder in which suites are found by name */
    public SimulatedVendors(Path suites, InstantSource clock) {
        this.suites = suites;
        this.clock = clock;
    }

    @Override
    public Optional<Upstream> make(Vendor vendor, Model model, @Nullable URI url) {
        Vendor.Simulation simulation = vendor.simulation();
        return simulation == null
                ? Optional.empty()
                : Optional.of(new SimulatedUpstream(() -> keys.computeIfAbsent(simulation.suites(), this::read),
                        SimulatedLatency.HOSTED_CHAT, clock));
    }

    private AnswerKey read(List<String> names) {
        try {
            return AnswerKey.read(suites, names);
        } catch (IOException failed) {
            throw new UncheckedIOException("the suites of a simulated vendor cannot be read", failed);
        } catch (SuiteException malformed) {
            throw new IllegalStateException("a suite of a simulated vendor is malformed: " + malformed.getMessage(),
                    malformed);
        }
    }
}
