package dev.pareto.proxy.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.ModelCheck;
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
    /** Of {@link #changed}, for the look that follows: the folder is listed once. */
    private volatile @Nullable Map<String, Found> listed;

    /**
     * One file.
     *
     * @param mark changes with the file
     * @param fault why it cannot be run, without its path; null when it can
     * @param fingerprint {@link WeightsFingerprint}; null with a fault
     * @param tools whether its chat template knows tools
     */
    record Item(Path file, String mark, @Nullable String fault, @Nullable String fingerprint, boolean tools) {

        static Item faulty(Path file, String mark, String fault) {
            return new Item(file, mark, fault, null, false);
        }
    }

    /** A file of a listing, not looked into. */
    private record Found(Path file, String mark) {}

    ModelShelf(Path folder) {
        this.folder = new ModelDirectory(folder);
    }

    /** By name, as of the last look. */
    Map<String, Item> items() {
        return items;
    }

    /** Whether a look would find something new. */
    boolean changed() throws IOException {
        Map<String, Found> known = new HashMap<>();
        items.forEach((name, item) -> known.put(name, new Found(item.file, item.mark)));
        Map<String, Found> now = list();
        boolean changed = !now.equals(known);
        listed = changed ? now : null;
        return changed;
    }

    void look() throws IOException {
        Map<String, Found> found = listed;
        listed = null;
        Map<String, Item> before = items;
        Map<String, Item> now = new HashMap<>();
        (found == null ? list() : found).forEach((name, file) -> {
            Item known = before.get(name);
            now.put(name, known != null && known.mark.equals(file.mark) ? known : read(name, file.file, file.mark));
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

    private Map<String, Found> list() throws IOException {
        Map<String, Found> now = new HashMap<>();
        folder.models().forEach((name, file) -> now.put(name, new Found(file, mark(file))));
        return now;
    }

    private static Item read(String name, Path file, String mark) {
        try {
            if (!name.matches("[ -~]{1,128}")) {
                return Item.faulty(file, mark, "its name is no printable ASCII of at most 128 characters");
            }
            ModelCheck check = LocalEngine.check(file);
            return check.fault() == null
                    ? new Item(file, mark, null, WeightsFingerprint.of(file), check.tools())
                    : Item.faulty(file, mark, check.fault());
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("the model file {} cannot be read", file, unreadable);
            return Item.faulty(file, mark, "its file cannot be read");
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
