package dev.pareto.engine.model;

/**
 * The sizes of a model.
 *
 * @param architecture as GGUF names it
 * @param vocabulary token ids are 0 to vocabulary - 1
 * @param contextLength tokens that the model was trained to see at once
 * @param layers blocks of attention and feed-forward
 * @param embedding floats of a token's state
 * @param heads of queries in each layer
 * @param kvHeads of keys and values in each layer; divides heads
 * @param keySize floats of a query or key of one head
 * @param valueSize floats of a value of one head
 * @param feedForward inner width of the feed-forward block
 * @param parameters weights in all, a tied output counted once
 * @param weightBytes of all weights in the file
 */
public record ModelShape(String architecture, int vocabulary, int contextLength, int layers, int embedding, int heads,
        int kvHeads, int keySize, int valueSize, int feedForward, long parameters, long weightBytes) {

    /** Floats of keys and values of one token in all layers. */
    public long cacheFloatsPerToken() {
        return (long) layers * kvHeads * (keySize + valueSize);
    }
}
