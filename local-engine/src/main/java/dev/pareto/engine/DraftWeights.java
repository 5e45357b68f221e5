package dev.pareto.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.serve.BatchModel;
import dev.pareto.engine.serve.DecoderModel;
import dev.pareto.engine.text.Tokenizer;

/** A small model that is loaded to guess the tokens of another. */
final class DraftWeights implements AutoCloseable {

    /** Outputs that no token belongs to fill vocabularies up to round numbers, as far as this. */
    private static final int MOST_FILLING = 256;

    private final String name;
    private final GgufFile file;
    private final Tokenizer tokenizer;
    private final Decoder decoder;
    private final CacheType cacheType;

    private DraftWeights(String name, GgufFile file, Tokenizer tokenizer, Decoder decoder, CacheType cacheType) {
        this.name = name;
        this.file = file;
        this.tokenizer = tokenizer;
        this.decoder = decoder;
        this.cacheType = cacheType;
    }

    /** @throws EngineException.UnusableModel if it cannot be run or writes no text */
    static DraftWeights open(Path path, CacheType cacheType, Function<GgufFile, Decoder> decoders) throws IOException {
        var name = ModelDirectory.nameOf(path);
        try {
            var file = GgufFile.open(path);
            Decoder decoder = null;
            boolean ready = false;
            try {
                decoder = decoders.apply(file);
                if (decoder.reading().encodes()) {
                    throw unfit(name, "it only reads");
                }
                var draft = new DraftWeights(name, file, Tokenizer.of(file.metadata()), decoder, cacheType);
                ready = true;
                return draft;
            } finally {
                if (!ready) {
                    if (decoder != null) {
                        decoder.close();
                    }
                    file.close();
                }
            }
        } catch (GgufException e) {
            throw ServedModel.unusable(path, e);
        }
    }

    /**
     * The model, for another of this vocabulary.
     *
     * @throws EngineException.UnusableModel if a token means something else there
     */
    BatchModel model(Tokenizer other, int otherOutputs) {
        int outputs = decoder.shape().vocabulary();
        if (Math.abs(outputs - otherOutputs) > MOST_FILLING) {
            throw unfit(name, "it has " + outputs + " tokens and not " + otherOutputs);
        }
        int common = Math.min(Math.min(outputs, otherOutputs),
                Math.min(tokenizer.vocabularySize(), other.vocabularySize()));
        for (int token = 0; token < common; token++) {
            if (!tokenizer.name(token).equals(other.name(token))) {
                throw unfit(name, "token " + token + " is another one there");
            }
        }
        return new DecoderModel(decoder, cacheType);
    }

    private static EngineException.UnusableModel unfit(String name, String why) {
        return new EngineException.UnusableModel("the model " + name + " cannot draft for this one: " + why
                + "; take a smaller model of the same family", null);
    }

    @Override
    public void close() {
        decoder.close();
        file.close();
    }
}
