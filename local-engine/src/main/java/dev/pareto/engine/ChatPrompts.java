package dev.pareto.engine;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.Metadata;
import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.chat.ChatTemplate;
import dev.pareto.engine.text.chat.ForcedCall;
import dev.pareto.engine.text.chat.Prompt;
import dev.pareto.engine.text.chat.TemplateTraits;
import dev.pareto.engine.text.chat.answer.AnswerFormat;
import dev.pareto.engine.text.template.Bounds;
import dev.pareto.engine.text.template.TemplateException;

/**
 * Conversations as tokens of one model. A file whose template cannot be read still continues plain texts: the reason is
 * told only to those who want to chat.
 */
final class ChatPrompts {

    /** Characters of a prompt's end that tell what it leaves open: a header of harmony is the longest. */
    private static final int MOST_OPEN = 512;

    private final Tokenizer tokenizer;
    private final @Nullable ChatTemplate template;
    private final String problem;
    private final InstantSource clock;

    private ChatPrompts(Tokenizer tokenizer, @Nullable ChatTemplate template, String problem, InstantSource clock) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.problem = problem;
        this.clock = clock;
    }

    static ChatPrompts of(Metadata metadata, Tokenizer tokenizer, InstantSource clock) {
        try {
            return new ChatPrompts(tokenizer, ChatTemplate.of(metadata, tokenizer, Bounds.DEFAULT), "", clock);
        } catch (TemplateException e) {
            return new ChatPrompts(tokenizer, null, String.valueOf(e.getMessage()), clock);
        }
    }

    /** Which template is in use, for {@link ModelCard#template}. */
    String name() {
        return template == null ? "unreadable" : template.source().name().toLowerCase(Locale.ROOT);
    }

    /** What the template knows, or null if it cannot be read. */
    @Nullable
    TemplateTraits traits() {
        return template == null ? null : template.traits();
    }

    ChatPrompt prompt(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras, @Nullable ForcedCall forced) {
        var template = readable();
        var traits = template.traits();
        if (!tools.isEmpty() && !traits.tools()) {
            throw new EngineException.InvalidRequest("the model's chat template knows no tools");
        }
        try {
            var prompt = template.render(messages, tools, true, extras, clock);
            if (forced != null) {
                prompt = begun(prompt, traits.format(), forced);
            }
            var text = prompt.text();
            return new ChatPrompt(prompt.tokens(tokenizer), traits.format(),
                    text.substring(Math.max(0, text.length() - MOST_OPEN)), markers(traits, !tools.isEmpty()));
        } catch (TemplateException e) {
            throw new EngineException.InvalidRequest(String.valueOf(e.getMessage()), e);
        }
    }

    /** The prompt with the beginning of a call; reasoning that it opened is closed first. */
    private static Prompt begun(Prompt prompt, AnswerFormat format, ForcedCall forced) {
        var segments = new ArrayList<>(prompt.segments());
        var thought = format.thought(prompt.text());
        if (thought != null) {
            segments.add(new Segment("\n" + thought + "\n\n", true));
        }
        segments.addAll(format.opening(forced.tool()));
        return new Prompt(segments);
    }

    private Set<Integer> markers(TemplateTraits traits, boolean tools) {
        var markers = new HashSet<Integer>();
        for (var name : traits.format().markers(tools)) {
            var token = tokenizer.find(name);
            if (token != null && tokenizer.isControl(token)) {
                markers.add(token);
            }
        }
        return markers;
    }

    private ChatTemplate readable() {
        if (template == null) {
            throw new EngineException.InvalidRequest("the model's own chat template cannot be used (" + problem
                    + "); give the prompt as text");
        }
        return template;
    }
}
