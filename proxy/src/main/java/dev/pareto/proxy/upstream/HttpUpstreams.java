package dev.pareto.proxy.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.Vendor;

import org.jspecify.annotations.Nullable;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Vendors over HTTP: one client and one bounded pool for each address, shared by all of its models. Thread-safe. */
public final class HttpUpstreams implements Upstreams, AutoCloseable {

    private static final int CONNECTIONS = 512;
    private static final int WAITING = 1_024;

    /** Shorter than vendors keep a connection, so that a call seldom meets one that is just being closed. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(20);

    private final ConcurrentMap<Address, HttpUpstream> byAddress = new ConcurrentHashMap<>();
    private final ConcurrentMap<Duration, ConnectionProvider> pools = new ConcurrentHashMap<>();

    private final LoopResources loops;

    /** @param loops the threads that connections live on, best those of the port, so that a call stays on one thread */
    public HttpUpstreams(LoopResources loops) {
        this.loops = loops;
    }

    private record Address(URI url, Duration connect) {}

    @Override
    public Optional<Upstream> make(Vendor vendor, Model model, @Nullable URI url) {
        if (url == null) {
            return Optional.empty();
        }
        Duration connect = vendor.resilience().timeLimits().connect();
        return Optional.of(byAddress.computeIfAbsent(new Address(url, connect),
                address -> new HttpUpstream(url, pool(connect), loops, connect)));
    }

    private ConnectionProvider pool(Duration connect) {
        return pools.computeIfAbsent(connect,
                limit -> ConnectionProvider.builder("pareto")
                        .maxConnections(CONNECTIONS)
                        .pendingAcquireMaxCount(WAITING)
                        .pendingAcquireTimeout(limit)
                        .maxIdleTime(MAX_IDLE)
                        .build());
    }

    @Override
    public void close() {
        pools.values().forEach(ConnectionProvider::dispose);
    }
}
