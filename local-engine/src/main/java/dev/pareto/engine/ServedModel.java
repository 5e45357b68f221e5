package dev.pareto.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.serve.DecoderModel;
import dev.pareto.engine.serve.Scheduler;
import dev.pareto.engine.serve.WarmUp;
import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.TemplateTraits;

/** A loaded model with everything that answers need. Others hold it by handles; closing it ends what runs. */
final class ServedModel implements LoadedModel {

    private static final System.Logger LOG = System.getLogger(LocalEngine.class.getName());

    /** Characters of a reason, which may quote the file. */
    private static final int MOST_REASON = 400;

    private final GgufFile file;
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final ChatPrompts chat;
    private final ModelCard card;
    private final Scheduler scheduler;
    private final @Nullable DraftWeights draft;
    private final TextReading texts;
    private @Nullable String sha256;

    private ServedModel(GgufFile file, Decoder decoder, Tokenizer tokenizer, ChatPrompts chat, ModelCard card,
            Scheduler scheduler, @Nullable DraftWeights draft, TextReading texts) {
        this.file = file;
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.chat = chat;
        this.card = card;
        this.scheduler = scheduler;
        this.draft = draft;
        this.texts = texts;
    }

    /**
     * Loads, warms up and starts; nothing stays open if that fails.
     *
     * @param draftPath the model that guesses tokens for this one, or null
     */
    static ServedModel open(Path path, @Nullable Path draftPath, EngineSettings settings, ComputePool pool,
            InstantSource clock) throws IOException {
        return open(path, draftPath, settings,
                file -> Decoder.load(file, pool, Kernels.best(), settings.copyBytes()), clock);
    }

    static ServedModel open(Path path, @Nullable Path draftPath, EngineSettings settings,
            Function<GgufFile, Decoder> decoders, InstantSource clock) throws IOException {
        GgufFile file;
        try {
            file = GgufFile.open(path);
        } catch (GgufException e) {
            throw unusable(path, e);
        }
        DraftWeights draft = null;
        Decoder decoder = null;
        boolean ready = false;
        try {
            draft = draftPath == null ? null : DraftWeights.open(draftPath, settings.cacheType(), decoders);
            decoder = decoders.apply(file);
            var model = start(path, file, decoder, draft, settings, clock);
            ready = true;
            return model;
        } catch (GgufException e) {
            throw unusable(path, e);
        } finally {
            if (!ready) {
                if (draft != null) {
                    draft.close();
                }
                if (decoder != null) {
                    decoder.close();
                }
                file.close();
            }
        }
    }

    /** {@link LocalEngine#check}. */
    static ModelCheck check(Path path) throws IOException {
        try (var file = GgufFile.open(path);
                var pool = new ComputePool(1);
                var decoder = Decoder.load(file, pool)) {
            var traits = Description.of(path, file, decoder, InstantSource.system()).chat.traits();
            return new ModelCheck(null, traits != null && traits.tools());
        } catch (GgufException e) {
            return new ModelCheck(line(e), false);
        }
    }

    /** All that a file says of its model beside the weights; whether it can be read decides whether the model is listed. */
    private record Description(Tokenizer tokenizer, ChatPrompts chat, ModelCard card, ReadingProfile profile,
            PairPrompts pairs) {

        static Description of(Path path, GgufFile file, Decoder decoder, InstantSource clock) throws IOException {
            var metadata = file.metadata();
            var tokenizer = Tokenizer.of(metadata);
            int outputs = decoder.shape().vocabulary();
            if (tokenizer.vocabularySize() < outputs) {
                throw new GgufException(-1, "the model has " + outputs + " outputs but the tokenizer only "
                        + tokenizer.vocabularySize() + " tokens");
            }
            var chat = ChatPrompts.of(metadata, tokenizer, clock);
            return new Description(tokenizer, chat, ServedModel.card(path, file, decoder, chat),
                    ReadingProfile.of(metadata, decoder.shape(), decoder.reading()),
                    PairPrompts.of(metadata, tokenizer));
        }
    }

    private static ServedModel start(Path path, GgufFile file, Decoder decoder, @Nullable DraftWeights draft,
            EngineSettings settings, InstantSource clock) throws IOException {
        long before = System.nanoTime();
        var told = Description.of(path, file, decoder, clock);
        // What an encoder keeps is gone after the step, so there is nothing to save.
        var batches = new DecoderModel(decoder, ModelMemory.cacheType(decoder, settings));
        var drafts = draft == null ? null : draft.model(told.tokenizer, decoder.shape().vocabulary());
        long loaded = System.nanoTime();
        int rounds = new WarmUp(batches, System::nanoTime).run(settings.warmUp());
        String name = told.card.name();
        LOG.log(Level.INFO, "loaded {0} in {1} ms, warmed up in {2} ms and {3} rounds", name,
                (loaded - before) / 1_000_000, (System.nanoTime() - loaded) / 1_000_000, rounds);
        var scheduler = new Scheduler(name, batches, drafts, told.tokenizer,
                settings.withCacheBytes(ModelMemory.cacheBytes(decoder, settings)), System::nanoTime,
                () -> ThreadLocalRandom.current().nextLong(),
                task -> Thread.ofVirtual().name("pareto-listener").start(task));
        scheduler.start();
        return new ServedModel(file, decoder, told.tokenizer, told.chat, told.card, scheduler, draft,
                new TextReading(name, told.profile, decoder.reading(), told.pairs, scheduler));
    }

    private static ModelCard card(Path path, GgufFile file, Decoder decoder, ChatPrompts chat)
            throws IOException {
        var shape = decoder.shape();
        var metadata = file.metadata();
        return new ModelCard(ModelDirectory.nameOf(path), metadata.findString("general.name"), path,
                shape.architecture(), shape.parameters(), mainType(file).name(), bytes(file),
                shape.contextLength(), shape.vocabulary(), chat.name(), metadata.findString("general.license"),
                metadata.findString("general.description"));
    }

    /** Of all parts. */
    static long bytes(GgufFile file) throws IOException {
        long bytes = 0;
        for (var part : file.paths()) {
            bytes += Files.size(part);
        }
        return bytes;
    }

    /** The type that most of the weights have. */
    static WeightType mainType(GgufFile file) {
        var elements = new EnumMap<WeightType, Long>(WeightType.class);
        file.tensors().forEach(tensor -> elements.merge(tensor.type(), tensor.elements(), Long::sum));
        return elements.entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(WeightType.F32);
    }

    /** The refusal of a file, without its path. */
    static EngineException.UnusableModel unusable(Path path, GgufException reason) {
        return new EngineException.UnusableModel(
                "cannot run the model " + ModelDirectory.nameOf(path) + ": " + line(reason), reason);
    }

    /** Names in a file are a stranger's: no line breaks and terminal codes for logs, and an end. */
    private static String line(GgufException reason) {
        String text = String.valueOf(reason.getMessage()).replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
        return text.length() <= MOST_REASON ? text : text.substring(0, MOST_REASON) + "…";
    }

    @Override
    public ModelCard card() {
        return card;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public synchronized String sha256() {
        var known = sha256;
        if (known == null) {
            try {
                known = Checksum.of(file.paths());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            sha256 = known;
        }
        return known;
    }

    @Override
    public int[] prompt(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras) {
        return chat.prompt(messages, tools, extras, null).tokens();
    }

    @Override
    public @Nullable TemplateTraits traits() {
        return chat.traits();
    }

    @Override
    public ChatPrompt chat(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras, @Nullable ForcedCall forced) {
        return chat.prompt(messages, tools, extras, forced);
    }

    @Override
    public int[] prompt(String text) {
        return tokenizer.encode(List.of(new Segment(text, false)), true);
    }

    @Override
    public Generation generate(GenerationRequest request, GenerationListener listener) {
        return scheduler.submit(request, listener);
    }

    @Override
    public ReadingProfile reading() {
        return texts.profile();
    }

    @Override
    public float[] embed(int[] tokens) {
        return await(scheduler.embed(tokens));
    }

    @Override
    public CompletableFuture<EmbeddingResult> embed(EmbeddingRequest request) {
        return texts.embed(request);
    }

    @Override
    public CompletableFuture<RerankResult> rerank(RerankRequest request) {
        return texts.rerank(request);
    }

    @Override
    public float[][] logits(int[] tokens, int[] positions) {
        return await(scheduler.logits(tokens, positions));
    }

    @Override
    public EngineLoad load() {
        return scheduler.load();
    }

    /** Waits for a result of the compute thread; an interrupt stops the work. */
    static <T> T await(CompletableFuture<T> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EngineException known
                    ? known
                    : new EngineException.ComputationFailed("the computation failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            result.cancel(false);
            Thread.currentThread().interrupt();
            throw new EngineException.Interrupted(e);
        }
    }

    /** Ends the requests, then frees the weights, in this order: a step that still ran would crash. */
    @Override
    public void close() {
        scheduler.close();
        if (draft != null) {
            draft.close();
        }
        decoder.close();
        file.close();
    }
}
