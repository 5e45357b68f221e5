package dev.pareto.proxy.dialect.openai;

/** The calls that Pareto understands; every other path is passed through. */
public enum Endpoint {

    CHAT("/v1/chat/completions", "openai.chat"),

    COMPLETIONS("/v1/completions", "openai.chat"),

    EMBEDDINGS("/v1/embeddings", "openai.chat"),

    /** Not OpenAI's, but the shape that Cohere and Jina share and most servers of open models speak. */
    RERANK("/v1/rerank", "cohere.chat");

    private final String path;
    private final String usageDialect;

    Endpoint(String path, String usageDialect) {
        this.path = path;
        this.usageDialect = usageDialect;
    }

    public String path() {
        return path;
    }

    /** Whether the answer is generated text, as opposed to vectors and scores. */
    public boolean generates() {
        return this == CHAT || this == COMPLETIONS;
    }

    /** How the answer's {@code usage} object is to be read; all share the chat form, but where Cohere says what it bills. */
    public String usageDialect() {
        return usageDialect;
    }
}
