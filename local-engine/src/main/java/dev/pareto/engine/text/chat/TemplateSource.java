package dev.pareto.engine.text.chat;

import java.util.List;
import java.util.stream.Stream;

import dev.pareto.engine.text.Tokenizer;

/** Where a chat template comes from: the model's file, or the first of our own whose tokens the vocabulary has. */
public enum TemplateSource {

    /** {@code tokenizer.chat_template} of the file. */
    MODEL("", ""),

    /** ChatML, as Qwen, Yi and many others have it. */
    CHATML("<|im_start|> <|im_end|>",
            """
            {% for message in messages %}
            {{ '<|im_start|>' + message.role + '\n' + (message.content or '') + '<|im_end|>\n' }}
            {%- endfor %}
            {% if add_generation_prompt %}
            {{ '<|im_start|>assistant\n' }}
            {%- endif %}
            """),

    /** Llama 3. */
    LLAMA3("<|start_header_id|> <|end_header_id|> <|eot_id|>",
            """
            {{ bos_token }}
            {%- for message in messages %}
            {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\n\n' }}
            {{- (message.content or '') | trim + '<|eot_id|>' }}
            {%- endfor %}
            {%- if add_generation_prompt %}
            {{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}
            {%- endif %}
            """),

    /** Llama 2 and Mistral, where {@code [INST]} is a token. */
    LLAMA2("[INST] [/INST]",
            """
            {% set ns = namespace(system='') %}
            {% for message in messages %}
            {% if message.role == 'system' %}
            {% set ns.system = ns.system + message.content | trim + '\n\n' %}
            {% elif message.role == 'assistant' %}
            {{- ' ' + (message.content or '') | trim + eos_token }}
            {%- else %}
            {{- bos_token + '[INST] ' + ns.system + (message.content or '') | trim + ' [/INST]' }}
            {%- set ns.system = '' %}
            {% endif %}
            {% endfor %}
            """),

    /** Lines of "role: text", for models that know no chat. */
    PLAIN("", """
              {% for message in messages %}
              {{ message.role + ': ' + (message.content or '') | trim + '\n' }}
              {%- endfor %}
              {% if add_generation_prompt %}
              {{ 'assistant:' }}
              {%- endif %}
              """);

    /** The tokens that the vocabulary must have, with spaces between. */
    private final String tokens;
    private final String template;

    TemplateSource(String tokens, String template) {
        this.tokens = tokens;
        this.template = template;
    }

    /** Our own template that fits a vocabulary best. */
    static TemplateSource fitting(Tokenizer tokenizer) {
        for (var source : List.of(CHATML, LLAMA3, LLAMA2)) {
            if (Stream.of(source.tokens.split(" ")).allMatch(token -> tokenizer.find(token) != null)) {
                return source;
            }
        }
        return PLAIN;
    }

    String template() {
        return template;
    }
}
