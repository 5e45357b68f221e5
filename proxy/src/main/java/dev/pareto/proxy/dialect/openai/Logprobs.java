package dev.pareto.proxy.dialect.openai;

import java.util.Arrays;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Takes log-probabilities that the caller did not ask for out of an answer again. */
public final class Logprobs {

    private static final int OF_A_CHOICE = 3;

    private Logprobs() {}

    /** The same answer, or event, with {@code "logprobs": null} in each choice; everything else is byte for byte the same. */
    public static byte[] hide(byte[] bytes) {
        return hide(bytes, 0, bytes.length);
    }

    static byte[] hide(byte[] bytes, int from, int to) {
        byte[] range = from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to);
        BodyPatch patch = new BodyPatch();
        try (JsonParser json = Json.lenientParser(range, 0, range.length)) {
            int depth = 0;
            boolean choices = false;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                switch (token) {
                    case START_OBJECT, START_ARRAY -> depth++;
                    case END_OBJECT, END_ARRAY -> depth--;
                    case PROPERTY_NAME -> {
                        if (depth == 1) {
                            choices = json.currentName().equals("choices");
                        } else if (depth == OF_A_CHOICE && choices && json.currentName().equals("logprobs")
                                && json.nextToken().isStructStart()) {
                            int start = (int) json.currentTokenLocation().getByteOffset();
                            json.skipChildren();
                            patch.replace(new Span(start, (int) json.currentLocation().getByteOffset()), "null");
                        }
                    }
                    default -> {
                    }
                }
            }
        } catch (JacksonException unreadable) {
            return range; // whoever reads answers has told so
        }
        return patch.apply(range);
    }
}
