package dev.pareto.proxy.dialect.openai;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** What the gateway needs to know of a request, beside the caller's bytes, which stay as they came. Immutable. */
public final class OpenAiRequest {

    /** What the caller says about usage in the stream, and where. */
    public sealed interface StreamOptions {

        /** The field is not there; a new one goes in at {@code at}. */
        record Absent(int at) implements StreamOptions {}

        /** The field is {@code null}. */
        record Null(Span value) implements StreamOptions {}

        /** An object without {@code include_usage}; {@code at} is just behind its brace. */
        record Silent(int at, boolean empty) implements StreamOptions {}

        /** {@code include_usage} is false, written at {@code value}. */
        record Declined(Span value) implements StreamOptions {}

        /** {@code include_usage} is true. */
        record Wanted() implements StreamOptions {}
    }

    /**
     * Where the caller says how the answer is to be drawn.
     *
     * @param start just behind the first brace
     * @param logprobs the value of that field; null when it is not there
     * @param logprobsWanted whether the caller asks for them itself
     * @param temperature the value of that field; null when it is not there
     */
    record Drawing(int start, @Nullable Span logprobs, boolean logprobsWanted, @Nullable Span temperature) {}

    /**
     * What the gateway asks for beside the caller.
     *
     * @param usage at the end of a stream
     * @param logprobs of the tokens that were chosen
     * @param temperature in place of the caller's; null leaves that
     */
    public record Additions(boolean usage, boolean logprobs, @Nullable Double temperature) {

        public static final Additions NONE = new Additions(false, false, null);
    }

    private final Endpoint endpoint;
    private final byte[] body;
    private final String model;
    private final Span modelSpan;
    private final boolean stream;
    private final StreamOptions streamOptions;
    private final @Nullable Integer maxOutputTokens;
    private final int answers;
    private final boolean tools;
    private final long promptCharacters;
    private final @Nullable String serviceTier;
    private final boolean jsonWanted;
    private final @Nullable String user;
    private final Drawing drawing;

    OpenAiRequest(Endpoint endpoint, byte[] body, String model, Span modelSpan, boolean stream,
            StreamOptions streamOptions,
            @Nullable Integer maxOutputTokens, int answers, boolean tools, long promptCharacters,
            @Nullable String serviceTier, boolean jsonWanted, @Nullable String user, Drawing drawing) {
        this.endpoint = Objects.requireNonNull(endpoint, "endpoint is null");
        this.body = body;
        this.model = model;
        this.modelSpan = modelSpan;
        this.stream = stream;
        this.streamOptions = streamOptions;
        this.maxOutputTokens = maxOutputTokens;
        this.answers = answers;
        this.tools = tools;
        this.promptCharacters = promptCharacters;
        this.serviceTier = serviceTier;
        this.jsonWanted = jsonWanted;
        this.user = user;
        this.drawing = drawing;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** The caller's bytes; shared, not to be written to. */
    public byte[] body() {
        return body;
    }

    /** The name that the caller asked for: a route's or a model's. */
    public String model() {
        return model;
    }

    public boolean stream() {
        return stream;
    }

    public boolean usageWanted() {
        return streamOptions instanceof StreamOptions.Wanted;
    }

    public @Nullable Integer maxOutputTokens() {
        return maxOutputTokens;
    }

    /** How many answers are made: {@code n}, or {@code best_of} where that is more; at least one. */
    public int answers() {
        return answers;
    }

    public boolean tools() {
        return tools;
    }

    /** Characters of text in the prompt, for estimates; pictures and files do not count. */
    public long promptCharacters() {
        return promptCharacters;
    }

    /** The price tier asked for; null when none was. */
    public @Nullable String serviceTier() {
        return serviceTier;
    }

    /** Whether the answer is to be JSON. */
    public boolean jsonWanted() {
        return jsonWanted;
    }

    /** Whether the caller asks for the tokens' log-probabilities itself. */
    public boolean logprobsWanted() {
        return drawing.logprobsWanted();
    }

    /** Whom the caller says that it asks for ({@code safety_identifier} or {@code user}); null when it does not. */
    public @Nullable String user() {
        return user;
    }

    /**
     * The bytes to send: the caller's own, but for the model's name where the upstream knows it by another, and for
     * {@code include_usage} where asked for. Everything else is byte for byte the same.
     *
     * @param upstreamModel the model's name at the vendor
     * @param includeUsage whether the stream must end with the usage
     */
    public byte[] bodyFor(String upstreamModel, boolean includeUsage) {
        return bodyFor(upstreamModel, new Additions(includeUsage, false, null));
    }

    /** The same with more that the gateway asks for. */
    public byte[] bodyFor(String upstreamModel, Additions added) {
        BodyPatch patch = new BodyPatch();
        if (!upstreamModel.equals(model)) {
            patch.replace(modelSpan, BodyPatch.quoted(upstreamModel));
        }
        if (added.logprobs() && !drawing.logprobsWanted()) {
            put(patch, "logprobs", drawing.logprobs(), endpoint == Endpoint.CHAT ? "true" : "0");
        }
        if (added.temperature() != null) {
            put(patch, "temperature", drawing.temperature(), added.temperature().toString());
        }
        if (added.usage() && stream) {
            switch (streamOptions) {
                case StreamOptions.Absent(int at) -> patch.insert(at, "\"stream_options\":{\"include_usage\":true},");
                case StreamOptions.Null(Span value) -> patch.replace(value, "{\"include_usage\":true}");
                case StreamOptions.Silent(int at, boolean empty) ->
                    patch.insert(at, "\"include_usage\":true" + (empty ? "" : ","));
                case StreamOptions.Declined(Span value) -> patch.replace(value, "true");
                case StreamOptions.Wanted() -> {
                }
            }
        }
        return patch.apply(body);
    }

    private void put(BodyPatch patch, String name, @Nullable Span at, String value) {
        if (at == null) {
            patch.insert(drawing.start(), '"' + name + "\":" + value + ',');
        } else {
            patch.replace(at, value);
        }
    }
}
