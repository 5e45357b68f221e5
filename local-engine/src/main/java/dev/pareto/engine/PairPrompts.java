package dev.pareto.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.Metadata;
import dev.pareto.engine.serve.Passage;
import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.Tokenizer;

/**
 * A query and a document as the tokens that a ranking model judges: by the file's own template
 * ({@code tokenizer.chat_template.rerank}), else as its makers join two texts: {@code [CLS] query [SEP] document [SEP]} for
 * BERT, {@code <s> query </s></s> document </s>} for RoBERTa. llama.cpp leaves BERT's last separator out and takes both
 * texts for the first; the models were trained with it and apart.
 */
final class PairPrompts {

    private static final String TEMPLATE = "tokenizer.chat_template.rerank";
    private static final String QUERY = "{query}";
    private static final String DOCUMENT = "{document}";
    private static final Pattern PLACES = Pattern.compile("(?<=\\{query}|\\{document})|(?=\\{query}|\\{document})");

    private final Tokenizer tokenizer;
    private final @Nullable List<String> template;
    private final int[] between;
    private final int[] end;

    private PairPrompts(Tokenizer tokenizer, @Nullable List<String> template, int[] between, int[] end) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.between = between;
        this.end = end;
    }

    static PairPrompts of(Metadata metadata, Tokenizer tokenizer) {
        var template = metadata.findString(TEMPLATE);
        int[] frame = tokenizer.encode(List.of(new Segment("", false)), true);
        int begin = frame.length > 0 && tokenizer.addsBeginOfText() ? 1 : 0;
        int[] end = Arrays.copyOfRange(frame, begin, frame.length);
        boolean doubled = end.length > 0 && !"bert".equals(metadata.findString("tokenizer.ggml.model"));
        int[] between = doubled
                ? new int[]{Objects.requireNonNullElse(tokenizer.specialTokens().get("seperator"), end[end.length - 1])}
                : new int[0];
        return new PairPrompts(tokenizer, template == null ? null : List.of(PLACES.split(template, -1)), between, end);
    }

    /** What is to be judged for each document, in their order. */
    List<Passage> passages(String query, List<String> documents) {
        var parts = template;
        if (parts != null) {
            return documents.stream().map(document -> filled(parts, query, document)).toList();
        }
        int[] first = IntStream.concat(Arrays.stream(encode(query, true)), Arrays.stream(between)).toArray();
        return documents.stream().map(document -> {
            var tokens = IntStream.concat(Arrays.stream(first), Arrays.stream(encode(document, false)));
            return new Passage(IntStream.concat(tokens, Arrays.stream(end)).toArray(), first.length);
        }).toList();
    }

    private int[] encode(String text, boolean framed) {
        return tokenizer.encode(List.of(new Segment(text, false)), framed);
    }

    /** The file's words are trusted with control tokens, the request's are not. */
    private Passage filled(List<String> parts, String query, String document) {
        var segments = new ArrayList<Segment>();
        for (var part : parts) {
            segments.add(switch (part) {
                case QUERY -> new Segment(query, false);
                case DOCUMENT -> new Segment(document, false);
                default -> new Segment(part, true);
            });
        }
        return Passage.of(tokenizer.encode(segments, false));
    }
}
