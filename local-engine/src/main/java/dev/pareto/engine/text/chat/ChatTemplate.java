package dev.pareto.engine.text.chat;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.Metadata;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.template.Bounds;
import dev.pareto.engine.text.template.Template;
import dev.pareto.engine.text.template.TemplateException;
import dev.pareto.engine.text.template.Trusted;

/**
 * Turns messages into the prompt of one model. Immutable and safe to share between threads.
 *
 * <p><b>Messages can not forge control tokens.</b> Every string of a message, a tool or an extra is foreign, and stays so
 * through whatever the template does with it; in foreign text names of control tokens are plain text. The only exception
 * is a role that is one of a few known words, since some templates make a token's name out of it.
 */
public final class ChatTemplate {

    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool", "developer", "function",
            "ipython", "tool_results", "model");

    /** Special tokens that templates may name, by their role in the metadata. */
    private static final Map<String, String> TOKENS = Map.of("bos", "bos_token", "eos", "eos_token", "unknown",
            "unk_token", "padding", "pad_token", "seperator", "sep_token", "mask", "mask_token");

    private final Template template;
    private final TemplateSource source;
    private final Map<String, String> tokens;
    private final TemplateTraits traits;

    private ChatTemplate(String text, TemplateSource source, Map<String, String> tokens, Bounds bounds) {
        this.template = Template.parse(text, bounds);
        this.source = source;
        this.tokens = tokens;
        this.traits = TemplateTraits.of(text, tokens);
    }

    /**
     * The template in a model's file, or our own that fits its vocabulary; {@link #source()} tells which.
     *
     * @throws TemplateException where the file's template can not be read
     */
    public static ChatTemplate of(Metadata metadata, Tokenizer tokenizer, Bounds bounds) {
        var given = metadata.findString("tokenizer.chat_template");
        var source = given == null || given.isBlank() ? TemplateSource.fitting(tokenizer) : TemplateSource.MODEL;
        var text = source == TemplateSource.MODEL ? requireNonNull(given) : source.template();
        return new ChatTemplate(text, source, tokens(tokenizer), bounds);
    }

    /**
     * A template of the operator's choice in place of the model's.
     *
     * @throws TemplateException where it can not be read
     */
    public static ChatTemplate of(String template, Tokenizer tokenizer, Bounds bounds) {
        return new ChatTemplate(template, TemplateSource.MODEL, tokens(tokenizer), bounds);
    }

    private static Map<String, String> tokens(Tokenizer tokenizer) {
        var names = new HashMap<String, String>();
        tokenizer.specialTokens().forEach((role, token) -> {
            var variable = TOKENS.get(role);
            if (variable != null) {
                names.put(variable, tokenizer.name(token));
            }
        });
        return Map.copyOf(names);
    }

    /** Where the template comes from. */
    public TemplateSource source() {
        return source;
    }

    /** What the template knows. */
    public TemplateTraits traits() {
        return traits;
    }

    /**
     * Renders a conversation. Messages are given to the template in the shape that it wants: arguments of calls as data
     * or as text, several calls of one answer one by one, the system's words with the user's where it knows no system.
     *
     * @param messages each with "role" and "content", and what else the template knows ("tool_calls", "name" ...):
     *        null, booleans, numbers, strings, lists and maps of them, in the shape of OpenAI's API
     * @param tools the tools as JSON schemas, or null; an empty list counts as null
     * @param addGenerationPrompt whether the prompt ends where the assistant's answer begins
     * @param extras further variables of the template, such as "enable_thinking"
     * @param clock what templates that write the date read, as UTC
     * @throws TemplateException where the template refuses the messages, fails, or goes beyond its bounds
     */
    public Prompt render(List<? extends Map<String, ? extends @Nullable Object>> messages,
            @Nullable List<? extends Map<String, ? extends @Nullable Object>> tools, boolean addGenerationPrompt,
            Map<String, ? extends @Nullable Object> extras, InstantSource clock) {
        var variables = new HashMap<String, @Nullable Object>(extras);
        var marked = new ArrayList<Object>(messages.size());
        for (var message : MessageShapes.of(traits, messages, tools)) {
            marked.add(withTrustedRole(message));
        }
        variables.put("messages", marked);
        variables.put("tools", tools == null || tools.isEmpty() || !traits.describesTools() ? null : tools);
        variables.put("add_generation_prompt", addGenerationPrompt);
        return new Prompt(template.render(tokens, variables, clock));
    }

    private static Map<String, @Nullable Object> withTrustedRole(Map<String, ? extends @Nullable Object> message) {
        var marked = new LinkedHashMap<String, @Nullable Object>(message);
        if (message.get("role") instanceof String role && ROLES.contains(role)) {
            marked.put("role", new Trusted(role));
        }
        return marked;
    }
}
