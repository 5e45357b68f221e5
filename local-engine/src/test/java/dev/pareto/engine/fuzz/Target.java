package dev.pareto.engine.fuzz;

import java.util.Locale;

import dev.pareto.engine.gguf.GgufFuzz;
import dev.pareto.engine.grammar.GbnfFuzz;
import dev.pareto.engine.grammar.RegexFuzz;
import dev.pareto.engine.grammar.SchemaFuzz;
import dev.pareto.engine.text.TokenizerFuzz;
import dev.pareto.engine.text.template.ChatTemplateFuzz;

/** Everything that is fuzzed. A new target needs a line here and a folder of seeds of its name, in small letters. */
enum Target {

    GGUF(GgufFuzz.class), TOKENIZER(TokenizerFuzz.class), TEMPLATE(ChatTemplateFuzz.class), GBNF(GbnfFuzz.class), REGEX(
            RegexFuzz.class), SCHEMA(SchemaFuzz.class);

    private final Class<?> type;

    Target(Class<?> type) {
        this.type = type;
    }

    /** Reads one input; throws what is a finding. */
    void read(byte[] input) {
        switch (this) {
            case GGUF -> GgufFuzz.fuzzerTestOneInput(input);
            case TOKENIZER -> TokenizerFuzz.fuzzerTestOneInput(input);
            case TEMPLATE -> ChatTemplateFuzz.fuzzerTestOneInput(input);
            case GBNF -> GbnfFuzz.fuzzerTestOneInput(input);
            case REGEX -> RegexFuzz.fuzzerTestOneInput(input);
            case SCHEMA -> SchemaFuzz.fuzzerTestOneInput(input);
        }
    }

    /** The class whose {@code fuzzerTestOneInput} Jazzer calls. */
    String className() {
        return type.getName();
    }

    /** Its name on the command line and the name of its folders. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
