package dev.pareto.proxy.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.ModelDirectory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GGUF files of one folder as of the last look. A file's header is read at the first look and when its size or its date has
 * changed since. Safe for one thread that looks and many that ask.
 */
final class ModelShelf {

    private static final Logger LOG = LoggerFactory.getLogger(ModelShelf.class);

    private final ModelDirectory folder;
    private volatile Map<String, Item> items = Map.of();

    /**
     * One file.
     *
     * @param mark changes with the file
     * @param fault why it cannot be run, without its path; null when it can
     * @param fingerprint {@link WeightsFingerprint}; null with a fault
     */
    record Item(Path file, String mark, @Nullable String fault, @Nullable String fingerprint) {}

    ModelShelf(Path folder) {
        this.folder = new ModelDirectory(folder);
    }

    /** By name, as of the last look. */
    Map<String, Item> items() {
        return items;
    }

    /** Whether a look would find something new. */
    boolean changed() throws IOException {
        Map<String, String> known = new HashMap<>();
        items.forEach((name, item) -> known.put(name, item.mark));
        Map<String, String> now = new HashMap<>();
        folder.models().forEach((name, file) -> now.put(name, mark(file)));
        return !now.equals(known);
    }

    void look() throws IOException {
        Map<String, Item> before = items;
        Map<String, Item> now = new HashMap<>();
        folder.models().forEach((name, file) -> {
            String mark = mark(file);
            Item known = before.get(name);
            now.put(name, known != null && known.mark.equals(mark) ? known : read(name, file, mark));
        });
        items = Map.copyOf(now);
        items.forEach((name, item) -> {
            // Once for each file: one that is still being copied has another fault at every look.
            Item last = before.get(name);
            if (item.fault != null && (last == null || last.fault == null)) {
                LOG.warn("the model {} is not served: {} ({})", name, item.fault, item.file);
            }
        });
    }

    private static Item read(String name, Path file, String mark) {
        try {
            if (!name.matches("[ -~]{1,128}")) {
                return new Item(file, mark, "its name is no printable ASCII of at most 128 characters", null);
            }
            String fault = LocalEngine.faultOf(file).orElse(null);
            return new Item(file, mark, fault, fault == null ? WeightsFingerprint.of(file) : null);
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("the model file {} cannot be read", file, unreadable);
            return new Item(file, mark, "its file cannot be read", null);
        }
    }

    private static String mark(Path file) {
        try {
            return Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return "unreadable";
        }
    }
}
