package dev.pareto.engine.gguf;

import java.lang.foreign.MemorySegment;

/** Metadata of a file that was never written, for tests of what reads it. */
public final class InMemory {

    private InMemory() {}

    /** @throws GgufException if the bytes are no GGUF file */
    public static Metadata metadata(byte[] file) {
        return GgufParser.parse(MemorySegment.ofArray(file)).metadata();
    }
}
