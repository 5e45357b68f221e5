package dev.pareto.proxy.cascade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.catalog.ModelId;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps cascades' acceptance rates across restarts, as {@code acceptance.json} of the data folder: counts by route, model and size of the
 * prompt. Reads when made, writes every minute and when it ends.
 */
public final class AcceptanceFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptanceFile.class);
    private static final long MOST_BYTES = 16L << 20;

    private final Path folder;
    private final Path file;
    private final AcceptanceRates rates;
    private final ScheduledExecutorService timer;
    private List<AcceptanceRates.Kept> written = List.of();

    /** @param timer of one thread; closed with this */
    public AcceptanceFile(Path dataDir, AcceptanceRates rates, ScheduledExecutorService timer) {
        this.folder = dataDir;
        this.file = dataDir.resolve("acceptance.json");
        this.rates = rates;
        this.timer = timer;
        read();
        var _ = timer.scheduleWithFixedDelay(this::write, 1, 1, TimeUnit.MINUTES);
    }

    private void read() {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it is larger than any");
            }
            List<AcceptanceRates.Kept> kept = new ArrayList<>();
            for (JsonNode one : JsonMapper.shared().readTree(Files.readString(file)).path("rates")) {
                kept.add(new AcceptanceRates.Kept(one.path("route").asString(""),
                        ModelId.parse(one.path("first").asString("")), one.path("size").asInt(0),
                        one.path("accepted").asDouble(-1), one.path("judged").asDouble(-1)));
            }
            rates.restore(kept);
            written = kept;
        } catch (IOException | JacksonException | IllegalArgumentException damaged) {
            LOG.warn("{} cannot be read, so cascades count anew: {}", file, damaged.getMessage());
        }
    }

    private synchronized void write() {
        List<AcceptanceRates.Kept> now = rates.kept();
        if (now.equals(written)) {
            return;
        }
        ObjectNode root = JsonMapper.shared().createObjectNode();
        ArrayNode all = root.putArray("rates");
        now.forEach(one -> all.addObject()
                .put("route", one.route())
                .put("first", one.first().toString())
                .put("size", one.size())
                .put("accepted", one.accepted())
                .put("judged", one.all()));
        try {
            Files.createDirectories(folder);
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, root.toString());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            written = now;
        } catch (IOException failure) {
            LOG.error("cascades' acceptance rates could not be written", failure);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        write();
    }
}
