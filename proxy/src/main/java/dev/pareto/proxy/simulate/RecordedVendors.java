package dev.pareto.proxy.simulate;

import dev.pareto.evals.record.Recordings;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.proxy.upstream.Upstream;
import dev.pareto.proxy.upstream.Upstreams;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the upstreams of recorded vendors. Files are read at the first call and then kept open. Thread-safe. */
public final class RecordedVendors implements Upstreams, AutoCloseable {

    private final Path home;
    private final InstantSource clock;
    /** Guarded by itself. */
    private final Map<List<String>, Recordings> opened = new HashMap<>();

    /** @param home where relative files are found */
    public RecordedVendors(Path home, InstantSource clock) {
        this.home = home;
        this.clock = clock;
    }

    @Override
    public Optional<Upstream> make(Vendor vendor, Model model, @Nullable URI url) {
        Vendor.Recording recording = vendor.recording();
        return recording == null
                ? Optional.empty()
                : Optional.of(new RecordedUpstream(() -> open(recording.files()),
                        recording.paced() ? SimulatedLatency.HOSTED_CHAT : null, clock));
    }

    private Recordings open(List<String> files) throws IOException {
        synchronized (opened) {
            Recordings known = opened.get(files);
            if (known == null) {
                known = Recordings.open(files.stream().map(home::resolve).toList());
                opened.put(files, known);
            }
            return known;
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (opened) {
            for (Recordings recordings : opened.values()) {
                recordings.close();
            }
            opened.clear();
        }
    }
}
