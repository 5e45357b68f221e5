package dev.pareto.engine.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import dev.pareto.engine.gguf.GgufFile.Part;

/**
 * Finds the other files of a split model and checks that they belong together. Source: gguf-split of llama.cpp: the
 * first part has all metadata, every part tells its number, the number of parts and that of all tensors.
 */
final class SplitParts {

    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";
    private static final String ARCHITECTURE = "general.architecture";

    /** The largest models come in some 200 parts; each costs an open map. */
    private static final int MOST_PARTS = 1024;
    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.DOTALL);

    private SplitParts() {}

    /** The first part and, if it says that there are more, the others in order. */
    static List<Part> open(Part first, Arena arena) throws IOException {
        var metadata = first.parsed().metadata();
        int count = metadata.findInt(COUNT, 1);
        if (count < 0 || count > MOST_PARTS) {
            throw metadata.refuse(COUNT, "should be from 1 to " + MOST_PARTS);
        }
        if (count <= 1) {
            return List.of(first);
        }
        int number = metadata.findInt(NUMBER, 0);
        if (number != 0) {
            throw metadata.refuse(NUMBER, "says that this is part " + (number + 1L) + " of " + count
                    + "; open the first one, whose name ends in " + suffix(0, count));
        }
        int tensors = metadata.requireInt(TENSORS);
        var name = NAME.matcher(fileName(first.path()));
        if (!name.matches() || !fileName(first.path()).endsWith(suffix(0, count))) {
            throw metadata.refuse(COUNT, "says that the model is split, so its name should end in " + suffix(0, count)
                    + " for the other parts to be found, not " + fileName(first.path()));
        }
        var parts = new ArrayList<Part>(count);
        parts.add(first);
        for (int i = 1; i < count; i++) {
            var path = first.path().resolveSibling(name.group(1) + suffix(i, count));
            if (!Files.exists(path)) {
                throw new GgufException(-1, "part " + (i + 1) + " of " + count + " is missing: " + path);
            }
            parts.add(openOther(path, arena, i, count, tensors, metadata));
        }
        return List.copyOf(parts);
    }

    private static Part openOther(Path path, Arena arena, int index, int count, int tensors, Metadata first)
            throws IOException {
        try {
            var part = Part.open(path, arena);
            var metadata = part.parsed().metadata();
            expect(metadata, NUMBER, index);
            expect(metadata, COUNT, count);
            expect(metadata, TENSORS, tensors);
            var architecture = metadata.findString(ARCHITECTURE);
            if (architecture != null && !Objects.equals(architecture, first.findString(ARCHITECTURE))) {
                throw metadata.refuse(ARCHITECTURE,
                        "differs from the first part's: this is a part of another model");
            }
            return part;
        } catch (GgufException e) {
            throw e.in(fileName(path));
        }
    }

    private static void expect(Metadata metadata, String key, int value) {
        if (metadata.requireInt(key) != value) {
            throw metadata.refuse(key, "should be " + value + ": this is another part or one of another model");
        }
    }

    /** The tensors of all parts by name. */
    static Map<String, TensorInfo> tensors(List<Part> parts) {
        if (parts.size() == 1) {
            return parts.getFirst().parsed().tensors();
        }
        var all = new LinkedHashMap<String, TensorInfo>();
        for (int i = 0; i < parts.size(); i++) {
            for (var tensor : parts.get(i).parsed().tensors().values()) {
                if (all.put(tensor.name(), tensor.inPart(i)) != null) {
                    throw new GgufException(tensor.offset(), fileName(parts.get(i).path()) + ": tensor "
                            + tensor.name() + " occurs in an earlier part too");
                }
            }
        }
        var metadata = parts.getFirst().parsed().metadata();
        if (all.size() != metadata.requireInt(TENSORS)) {
            throw metadata.refuse(TENSORS, "differs from the " + all.size() + " tensors of all parts");
        }
        return all;
    }

    private static String suffix(int index, int count) {
        return String.format(Locale.ROOT, "-%05d-of-%05d.gguf", index + 1, count);
    }

    private static String fileName(Path path) {
        return String.valueOf(path.getFileName());
    }
}
