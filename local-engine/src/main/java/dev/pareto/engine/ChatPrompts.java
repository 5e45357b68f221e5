package dev.pareto.engine;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.Metadata;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.engine.text.chat.ChatTemplate;
import dev.pareto.engine.text.template.Bounds;
import dev.pareto.engine.text.template.TemplateException;

/**
 * Conversations as tokens of one model. A file whose template cannot be read still continues plain texts: the reason is
 * told only to those who want to chat.
 */
final class ChatPrompts {

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

    int[] tokens(List<? extends Map<String, ? extends @Nullable Object>> messages,
            List<? extends Map<String, ? extends @Nullable Object>> tools,
            Map<String, ? extends @Nullable Object> extras) {
        if (template == null) {
            throw new EngineException.InvalidRequest("the model's own chat template cannot be used (" + problem
                    + "); give the prompt as text");
        }
        try {
            return template.render(messages, tools, true, extras, clock).tokens(tokenizer);
        } catch (TemplateException e) {
            throw new EngineException.InvalidRequest(String.valueOf(e.getMessage()), e);
        }
    }
}
