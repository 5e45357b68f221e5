package dev.pareto.proxy.dialect.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What the first choice of an answer says.
 *
 * @param text its content; empty where it only calls tools
 * @param calls of tools, in their order
 * @param finishReason null when it has not finished
 * @param refusal the model's own word for not answering; null for none
 * @param logprobs natural logarithms of the tokens' probabilities, in their order; null where they were not told
 */
public record ReadAnswer(String text, List<Call> calls, @Nullable String finishReason, @Nullable String refusal,
        double @Nullable [] logprobs) {

    /**
     * A call of a tool.
     *
     * @param arguments JSON, if the model kept to it
     */
    public record Call(String name, String arguments) {}

    private static final double LEAST = -100;

    public ReadAnswer {
        calls = List.copyOf(calls);
    }

    /** Of one JSON object; says nothing where that cannot be read. */
    public static ReadAnswer whole(byte[] body) {
        var reader = new Reader();
        try {
            reader.choice(Json.mapper().readTree(body).path("choices").path(0), "message");
        } catch (JacksonException unreadable) {
            // it says nothing
        }
        return reader.read();
    }

    /** Of a whole event stream. */
    public static ReadAnswer events(byte[] events) {
        var reader = new Reader();
        reader.feed(events);
        reader.frames.end(reader::frame);
        return reader.read();
    }

    /** Reads an event stream as it comes. Not thread-safe: one stream, one instance. */
    public static final class Reader {

        private final SseFrames frames = new SseFrames();
        private final StringBuilder text = new StringBuilder();
        private final Map<Integer, StringBuilder> names = new TreeMap<>();
        private final Map<Integer, StringBuilder> arguments = new TreeMap<>();
        private final List<Double> logprobs = new ArrayList<>();
        private @Nullable String finishReason;
        private @Nullable StringBuilder refusal;
        private int pieces;
        private boolean unreadable;

        /** Takes what came; never throws. */
        public void feed(byte[] chunk) {
            try {
                frames.feed(chunk, this::frame);
            } catch (RefusedException tooLarge) {
                unreadable = true;
            }
        }

        /** How many tokens came: as told by their log-probabilities, else pieces of text. */
        public int tokens() {
            return logprobs.isEmpty() ? pieces : logprobs.size();
        }

        /** Whether nothing more is to be expected that could be read. */
        public boolean ended() {
            return finishReason != null || unreadable;
        }

        /** What came until now. */
        public ReadAnswer read() {
            List<Call> calls = new ArrayList<>();
            names.forEach((index, name) -> calls.add(new Call(name.toString(),
                    arguments.getOrDefault(index, new StringBuilder()).toString())));
            return new ReadAnswer(text.toString(), calls, finishReason, refusal == null ? null : refusal.toString(),
                    logprobs.isEmpty() ? null : logprobs.stream().mapToDouble(Double::doubleValue).toArray());
        }

        private void frame(byte[] frame, int from, int to) {
            SseData data = SseData.of(frame, from, to);
            if (data == null || data.isDone()) {
                return;
            }
            try {
                JsonNode event = Json.mapper()
                        .readTree(new String(data.array(), data.span().from(), data.span().length(),
                                StandardCharsets.UTF_8));
                for (JsonNode choice : event.path("choices")) {
                    if (choice.path("index").asInt(0) == 0) {
                        choice(choice, "delta");
                    }
                }
            } catch (JacksonException broken) {
                unreadable = true;
            }
        }

        void choice(JsonNode choice, String name) {
            JsonNode message = choice.path(name);
            int before = text.length();
            text.append(message.path("content").asString("")).append(choice.path("text").asString(""));
            pieces += text.length() > before ? 1 : 0;
            String refused = message.path("refusal").asString("");
            if (!refused.isEmpty()) {
                refusal = (refusal == null ? new StringBuilder() : refusal).append(refused);
            }
            int position = 0;
            for (JsonNode call : message.path("tool_calls")) {
                int index = call.path("index").asInt(position++);
                JsonNode function = call.path("function");
                names.computeIfAbsent(index, at -> new StringBuilder()).append(function.path("name").asString(""));
                arguments.computeIfAbsent(index, at -> new StringBuilder())
                        .append(function.path("arguments").asString(""));
            }
            JsonNode reason = choice.path("finish_reason");
            finishReason = reason.isString() ? reason.stringValue() : finishReason;
            for (JsonNode token : choice.path("logprobs").path("content")) {
                logprob(token.path("logprob"));
            }
            for (JsonNode value : choice.path("logprobs").path("token_logprobs")) {
                logprob(value);
            }
        }

        private void logprob(JsonNode value) {
            if (value.isNumber()) {
                logprobs.add(Math.clamp(value.asDouble(), LEAST, 0));
            }
        }
    }
}
