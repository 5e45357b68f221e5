package dev.pareto.proxy.dialect.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.engine.TokenLogprob;
import dev.pareto.engine.text.chat.answer.AnswerEvent;
import dev.pareto.engine.text.chat.answer.ToolCall;

import org.jspecify.annotations.Nullable;

/**
 * Writes answers that are made in this process the way OpenAI writes its own, whole or as events, so that clients cannot tell
 * them apart. Immutable; one for each request.
 */
public final class AnswerWriter {

    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final boolean chat;
    private final String id;
    private final long created;
    private final String model;
    private final String fingerprint;
    private final boolean usage;

    /** What was read and written, in tokens: the prompt once, whatever the number of answers to it. */
    public record Tokens(long prompt, long cached, long completion, long reasoning) {

        /** None of them for reasoning. */
        public Tokens(long prompt, long cached, long completion) {
            this(prompt, cached, completion, 0);
        }

        /** The same, so many of them for reasoning. */
        public Tokens withReasoning(long tokens) {
            return new Tokens(prompt, cached, completion, tokens);
        }
    }

    /**
     * One of the answers to a request.
     *
     * @param reasoning what the model thought before, or null
     * @param calls of tools, in their order
     * @param logprobs null where they were not asked for
     */
    public record Choice(String text, @Nullable String reasoning, List<ToolCall> calls,
            @Nullable List<TokenLogprob> logprobs, String finishReason) {

        /** Copies. */
        public Choice {
            calls = List.copyOf(calls);
        }

        /** Only text. */
        public Choice(String text, @Nullable List<TokenLogprob> logprobs, String finishReason) {
            this(text, null, List.of(), logprobs, finishReason);
        }
    }

    /**
     * @param unique the part of the id behind {@code chatcmpl-}
     * @param created in seconds since 1970
     * @param fingerprint what {@code system_fingerprint} says
     * @param usage whether the stream ends with the usage
     */
    public AnswerWriter(Endpoint endpoint, String unique, long created, String model, String fingerprint,
            boolean usage) {
        this.chat = endpoint == Endpoint.CHAT;
        this.id = (chat ? "chatcmpl-" : "cmpl-") + unique;
        this.created = created;
        this.model = model;
        this.fingerprint = fingerprint;
        this.usage = usage;
    }

    /** The event that opens an answer of a chat stream and names the role; nothing for plain completions. */
    public byte[] opening(int index) {
        if (!chat) {
            return new byte[0];
        }
        Map<String, @Nullable Object> delta = new LinkedHashMap<>();
        delta.put("role", "assistant");
        delta.put("content", "");
        delta.put("refusal", null);
        return event(chunk(List.of(choice(index, "delta", delta, null, null))));
    }

    /** One event with more text of an answer. */
    public byte[] delta(int index, String text, @Nullable List<TokenLogprob> logprobs) {
        return chat
                ? event(chunk(List.of(choice(index, "delta", Map.of("content", text), chatLogprobs(logprobs), null))))
                : event(chunk(List.of(choice(index, "text", text, textLogprobs(logprobs), null))));
    }

    /** One event with more of what the model thinks, where other servers put it, too. */
    public byte[] reasoning(int index, String text) {
        return event(chunk(List.of(choice(index, "delta", Map.of("reasoning_content", text), null, null))));
    }

    /** The event that begins a call of a tool. */
    public byte[] call(int index, AnswerEvent.CallStart call) {
        return callDelta(index, call(call.index(), call.id(), call.name(), ""));
    }

    /** One event with more of a call's arguments. */
    public byte[] arguments(int index, AnswerEvent.CallArguments more) {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("index", more.index());
        call.put("function", Map.of("arguments", more.json()));
        return callDelta(index, call);
    }

    private byte[] callDelta(int index, Map<String, Object> call) {
        return event(chunk(List.of(choice(index, "delta", Map.of("tool_calls", List.of(call)), null, null))));
    }

    private static Map<String, Object> call(@Nullable Integer index, String id, String name, String arguments) {
        Map<String, Object> call = new LinkedHashMap<>();
        if (index != null) {
            call.put("index", index);
        }
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", name);
        function.put("arguments", arguments);
        call.put("id", id);
        call.put("type", "function");
        call.put("function", function);
        return call;
    }

    /** The event that closes an answer with the reason. */
    public byte[] closing(int index, String finishReason) {
        return event(chunk(List.of(chat
                ? choice(index, "delta", Map.of(), null, finishReason)
                : choice(index, "text", "", null, finishReason))));
    }

    /** The events that end a stream: the usage where asked for and known, {@code [DONE]}. */
    public List<byte[]> ending(@Nullable Tokens tokens) {
        List<byte[]> events = new ArrayList<>(2);
        if (usage && tokens != null) {
            Map<String, @Nullable Object> last = chunk(List.of());
            last.put("usage", usage(tokens));
            events.add(event(last));
        }
        events.add(DONE);
        return events;
    }

    /** Whole answers in one piece, in their order; without a usage where nobody counted. */
    public byte[] whole(List<Choice> choices, @Nullable Tokens tokens) {
        Map<String, @Nullable Object> answer = head(chat ? "chat.completion" : "text_completion");
        List<Object> written = new ArrayList<>(choices.size());
        for (Choice choice : choices) {
            written.add(chat
                    ? choice(written.size(), "message", message(choice), chatLogprobs(choice.logprobs()),
                            choice.finishReason())
                    : choice(written.size(), "text", choice.text(), textLogprobs(choice.logprobs()),
                            choice.finishReason()));
        }
        answer.put("choices", written);
        if (tokens != null) {
            answer.put("usage", usage(tokens));
        }
        answer.put("system_fingerprint", fingerprint);
        return Json.mapper().writeValueAsBytes(answer);
    }

    private static Map<String, @Nullable Object> message(Choice choice) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", choice.text().isEmpty() && !choice.calls().isEmpty() ? null : choice.text());
        if (choice.reasoning() != null) {
            message.put("reasoning_content", choice.reasoning());
        }
        message.put("refusal", null);
        message.put("annotations", List.of());
        if (!choice.calls().isEmpty()) {
            message.put("tool_calls", choice.calls()
                    .stream()
                    .map(call -> call(null, call.id(), call.name(), call.arguments()))
                    .toList());
        }
        return message;
    }

    private Map<String, @Nullable Object> chunk(List<Object> choices) {
        Map<String, @Nullable Object> chunk = head(chat ? "chat.completion.chunk" : "text_completion");
        chunk.put("system_fingerprint", fingerprint);
        chunk.put("choices", choices);
        if (usage) {
            chunk.put("usage", null);
        }
        return chunk;
    }

    private Map<String, @Nullable Object> head(String object) {
        Map<String, @Nullable Object> head = new LinkedHashMap<>();
        head.put("id", id);
        head.put("object", object);
        head.put("created", created);
        head.put("model", model);
        return head;
    }

    private static Map<String, @Nullable Object> choice(int index, String name, Object content,
            @Nullable Object logprobs, @Nullable String finishReason) {
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("index", index);
        choice.put(name, content);
        choice.put("logprobs", logprobs);
        choice.put("finish_reason", finishReason);
        return choice;
    }

    private static Map<String, @Nullable Object> usage(Tokens tokens) {
        Map<String, @Nullable Object> usage = new LinkedHashMap<>();
        usage.put("prompt_tokens", tokens.prompt());
        usage.put("completion_tokens", tokens.completion());
        usage.put("total_tokens", tokens.prompt() + tokens.completion());
        usage.put("prompt_tokens_details", Map.of("cached_tokens", tokens.cached()));
        usage.put("completion_tokens_details", Map.of("reasoning_tokens", tokens.reasoning()));
        return usage;
    }

    private static @Nullable Object chatLogprobs(@Nullable List<TokenLogprob> logprobs) {
        if (logprobs == null) {
            return null;
        }
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        both.put("content", logprobs.stream().map(token -> {
            Map<String, @Nullable Object> one = chance(token);
            one.put("top_logprobs", token.top().stream().map(AnswerWriter::chance).toList());
            return one;
        }).toList());
        both.put("refusal", null);
        return both;
    }

    private static Map<String, @Nullable Object> chance(TokenLogprob token) {
        Map<String, @Nullable Object> chance = new LinkedHashMap<>();
        chance.put("token", text(token));
        chance.put("logprob", token.logprob());
        List<Integer> bytes = new ArrayList<>(token.bytes().length);
        for (byte value : token.bytes()) {
            bytes.add(value & 0xFF);
        }
        chance.put("bytes", bytes);
        return chance;
    }

    /** The older shape of {@code /v1/completions}: parallel lists. */
    private static @Nullable Object textLogprobs(@Nullable List<TokenLogprob> logprobs) {
        if (logprobs == null) {
            return null;
        }
        Map<String, @Nullable Object> lists = new LinkedHashMap<>();
        lists.put("tokens", logprobs.stream().map(AnswerWriter::text).toList());
        lists.put("token_logprobs", logprobs.stream().map(TokenLogprob::logprob).toList());
        lists.put("top_logprobs", logprobs.stream().map(token -> {
            Map<String, Double> top = new LinkedHashMap<>();
            token.top().forEach(other -> top.putIfAbsent(text(other), other.logprob()));
            return top;
        }).toList());
        List<Integer> offsets = new ArrayList<>(logprobs.size());
        int offset = 0;
        for (TokenLogprob token : logprobs) {
            offsets.add(offset);
            offset += text(token).length();
        }
        lists.put("text_offset", offsets);
        return lists;
    }

    private static String text(TokenLogprob token) {
        return new String(token.bytes(), StandardCharsets.UTF_8);
    }

    private static byte[] event(Map<String, @Nullable Object> data) {
        return ("data: " + Json.mapper().writeValueAsString(data) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
