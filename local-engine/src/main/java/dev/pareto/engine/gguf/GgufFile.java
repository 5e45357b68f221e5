package dev.pareto.engine.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * An open GGUF file, version 2 or 3: descriptions on the heap, weights in a read-only memory map. Safe for use by
 * several threads. Closing it unmaps the weights: every segment that {@link #data} gave out throws
 * {@link IllegalStateException} from then on, while {@link #metadata} stays usable. The file must not be cut short
 * while it is open; the operating system answers reads of the missing part with an error that Java passes on as
 * {@link InternalError}.
 */
public final class GgufFile implements AutoCloseable {

    private final Path path;
    private final Arena arena;
    private final MemorySegment mapped;
    private final int version;
    private final Metadata metadata;
    private final Map<String, TensorInfo> tensors;

    private GgufFile(Path path, Arena arena, MemorySegment mapped, GgufParser.Parsed parsed) {
        this.path = path;
        this.arena = arena;
        this.mapped = mapped;
        this.version = parsed.version();
        this.metadata = parsed.metadata();
        this.tensors = Collections.unmodifiableMap(parsed.tensors());
    }

    /**
     * Maps and checks a file.
     *
     * @throws IOException if the file cannot be read
     * @throws GgufException if it is no GGUF file that can be used; nothing stays mapped then
     */
    public static GgufFile open(Path path) throws IOException {
        var arena = Arena.ofShared();
        boolean opened = false;
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            var file = new GgufFile(path, arena, mapped, GgufParser.parse(mapped));
            opened = true;
            return file;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /** Where the file lies. */
    public Path path() {
        return path;
    }

    /** The version of the format, 2 or 3. */
    public int version() {
        return version;
    }

    /** The key-value pairs. */
    public Metadata metadata() {
        return metadata;
    }

    /** Every tensor, in the order of the file. */
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
        return mapped.asSlice(tensor.offset(), tensor.bytes());
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
        return "GGUF " + path + " (" + tensors.size() + " tensors)";
    }
}
