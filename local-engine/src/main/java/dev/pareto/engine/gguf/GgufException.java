package dev.pareto.engine.gguf;

/** A GGUF file that cannot be used as it is. The message names the byte where that shows and the reason. */
public final class GgufException extends RuntimeException {

    private final long offset;
    private final String reason;

    /**
     * @param offset the byte of the file where the fault shows, or -1 where something is missing altogether
     * @param reason what is wrong and what was wanted
     */
    public GgufException(long offset, String reason) {
        super(offset < 0 ? "GGUF: " + reason : "GGUF, byte " + offset + ": " + reason);
        this.offset = offset;
        this.reason = reason;
    }

    /** The same fault, said of one of several files. */
    GgufException in(String file) {
        return new GgufException(offset, file + ": " + reason);
    }

    /** The byte of the file where the fault shows, or -1 where something is missing altogether. */
    public long offset() {
        return offset;
    }
}
