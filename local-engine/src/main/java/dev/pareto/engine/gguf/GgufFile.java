package dev.pareto.engine.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An open GGUF file, version 2 or 3, with all its parts where the model is split over several files: descriptions on
 * the heap, weights in read-only memory maps. Safe for use by
 * several threads. Closing it unmaps the weights: every segment that {@link #data} gave out throws
 * {@link IllegalStateException} from then on, while {@link #metadata} stays usable. The file must not be cut short
 * while it is open; the operating system answers reads of the missing part with an error that Java passes on as
 * {@link InternalError}.
 */
public final class GgufFile implements AutoCloseable {

    private final Arena arena;
    private final List<Part> parts;
    private final Map<String, TensorInfo> tensors;

    private GgufFile(Arena arena, List<Part> parts, Map<String, TensorInfo> tensors) {
        this.arena = arena;
        this.parts = parts;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /** One file, mapped and checked by itself. */
    record Part(Path path, MemorySegment mapped, GgufParser.Parsed parsed) {

        static Part open(Path path, Arena arena) throws IOException {
            try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
                var mapped = plain(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), arena);
                return new Part(path, mapped, GgufParser.parse(mapped));
            }
        }

        /**
         * The same bytes as a segment of the kind that {@link Arena#allocate} gives: kernels read files and copies, and
         * where the compiler sees two kinds of segment it checks for both, and for a closed arena, at each load.
         */
        @SuppressWarnings("restricted") // of these bytes, for as long as the mapping stands
        private static MemorySegment plain(MemorySegment mapped, Arena arena) {
            return MemorySegment.ofAddress(mapped.address()).reinterpret(mapped.byteSize(), arena, null).asReadOnly();
        }
    }

    /**
     * Maps and checks a file. Of a split model it must be the first part, named {@code …-00001-of-0000N.gguf}; the others
     * are looked for beside it.
     *
     * @throws IOException if a file cannot be read
     * @throws GgufException if it is no GGUF file that can be used, or a part is missing or of another model; nothing
     *             stays mapped then
     */
    public static GgufFile open(Path path) throws IOException {
        var arena = Arena.ofShared();
        boolean opened = false;
        try {
            var parts = SplitParts.open(Part.open(path, arena), arena);
            var file = new GgufFile(arena, parts, SplitParts.tensors(parts));
            opened = true;
            return file;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /** Where the first or only file lies. */
    public Path path() {
        return parts.getFirst().path;
    }

    /** Where all files lie, in order: one unless the model is split. */
    public List<Path> paths() {
        return parts.stream().map(Part::path).toList();
    }

    /** The version of the format, 2 or 3. */
    public int version() {
        return parts.getFirst().parsed.version();
    }

    /** The key-value pairs, of a split model those of the first part. */
    public Metadata metadata() {
        return parts.getFirst().parsed.metadata();
    }

    /** Every tensor, in the order of the files. */
    public Collection<TensorInfo> tensors() {
        return tensors.values();
    }

    /** The tensor of this name, or null. */
    public @Nullable TensorInfo findTensor(String name) {
        return tensors.get(name);
    }

    /**
     * The tensor of this name.
     *
     * @throws GgufException if there is none
     */
    public TensorInfo requireTensor(String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new GgufException(-1, "tensor " + name + " is missing");
        }
        return tensor;
    }

    /** The bytes of a tensor of this file: a read-only view of the map, valid until {@link #close}. */
    public MemorySegment data(TensorInfo tensor) {
        return parts.get(tensor.part()).mapped.asSlice(tensor.offset(), tensor.bytes());
    }

    /** Unmaps the weights. A second call does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    @Override
    public String toString() {
        return "GGUF " + path() + " (" + tensors.size() + " tensors)";
    }
}
