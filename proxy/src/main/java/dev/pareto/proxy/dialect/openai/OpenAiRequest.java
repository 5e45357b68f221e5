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

    OpenAiRequest(Endpoint endpoint, byte[] body, String model, Span modelSpan, boolean stream,
            StreamOptions streamOptions,
            @Nullable Integer maxOutputTokens, int answers, boolean tools, long promptCharacters,
            @Nullable String serviceTier, boolean jsonWanted, @Nullable String user) {
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
        BodyPatch patch = new BodyPatch();
        if (!upstreamModel.equals(model)) {
            patch.replace(modelSpan, BodyPatch.quoted(upstreamModel));
        }
        if (includeUsage && stream) {
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
}
