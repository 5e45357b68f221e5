package dev.pareto.proxy.cli.serve;

import dev.pareto.policies.policy.ConfigSource;
import dev.pareto.policies.policy.ConfigSource.Reload;
import dev.pareto.policies.policy.ParetoConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the configuration again when one of its files changes. A bad file is refused whole and told once; the last good
 * one stays in force. Looking every second or so works on every file system, network mounts and containers included.
 */
final class ConfigWatch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(1_500);

    /** Many editors empty a file before they write it: nothing to read yet. */
    private static final String EMPTY = "empty";

    private final ConfigSource source;
    private final Consumer<ParetoConfig> inForce;
    private final PrintWriter log;
    private final Thread thread;
    private Map<Path, String> seen;
    private String lastFault = "";

    /** @param inForce puts a good one in force */
    ConfigWatch(ConfigSource source, Consumer<ParetoConfig> inForce, PrintWriter log) {
        this.source = source;
        this.inForce = inForce;
        this.log = log;
        this.seen = marks();
        this.thread = Thread.ofVirtual().name("config-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(EVERY);
                look();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look; a reload when something changed since the last. What goes wrong with it does not end the watch. */
    void look() {
        try {
            reload();
            lastFault = "";
        } catch (RuntimeException failed) {
            String fault = String.valueOf(failed.getMessage());
            if (!fault.equals(lastFault)) {
                log.println("pareto: the configuration could not be read again, the last good one stays in force: "
                        + fault);
            }
            lastFault = fault;
        }
    }

    private void reload() {
        Map<Path, String> now = marks();
        if (now.equals(seen) || now.containsValue(EMPTY)) {
            return;
        }
        seen = now;
        switch (source.reload()) {
            case Reload.Accepted accepted -> {
                inForce.accept(accepted.config());
                log.println("pareto: the configuration was read again and is in force");
            }
            case Reload.Refused refused ->
                log.println("pareto: the changed configuration is refused, the last good one stays"
                        + " in force: " + refused.reason().getMessage());
        }
    }

    private Map<Path, String> marks() {
        var marks = new HashMap<Path, String>();
        for (Path file : source.files()) {
            try {
                long size = Files.size(file);
                marks.put(file, size == 0 ? EMPTY : Files.getLastModifiedTime(file) + " " + size);
            } catch (IOException gone) {
                marks.put(file, "unreadable");
            }
        }
        return marks;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
