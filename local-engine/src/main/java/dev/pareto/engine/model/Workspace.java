package dev.pareto.engine.model;

/**
 * The states of all tokens of a batch between two steps, {@code [token][...]} each, shared by all layers. Arrays grow
 * to what the widest layer and the largest batch asked for.
 */
final class Workspace {

    final Buffer state = new Buffer();
    final Buffer normed = new Buffer();
    final Buffer projected = new Buffer();
    final Buffer queries = new Buffer();
    final Buffer keys = new Buffer();
    final Buffer values = new Buffer();
    final Buffer attended = new Buffer();
    final Buffer compressed = new Buffer();
    final Buffer unrotated = new Buffer();
    final Buffer gate = new Buffer();
    final Buffer up = new Buffer();
    final Buffer scores = new Buffer();
    final Buffer gathered = new Buffer();
    final Buffer result = new Buffer();

    /** An array that grows. */
    static final class Buffer {

        private float[] floats = new float[0];

        /** Room for so many tokens; old contents are lost when it grows. */
        float[] of(int tokens, int width) {
            if (floats.length < Math.multiplyExact(tokens, width)) {
                // A power of two, so that batches of every length do not each grow it anew.
                int rounded = Math.min(TransformerDecoder.MAX_BATCH, Integer.highestOneBit(2 * tokens - 1));
                floats = new float[Math.multiplyExact(Math.max(tokens, rounded), width)];
            }
            return floats;
        }
    }
}
