package dev.pareto.engine.grammar;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Any JSON as a schema; numbers come as they are written, however large. */
public final class SchemaFuzz {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private SchemaFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Object schema;
        try {
            schema = JSON.readValue(input, Object.class);
        } catch (JacksonException | NumberFormatException e) {
            return; // no JSON, or an exponent beyond BigDecimal's: not ours to refuse
        }
        if (schema != null) {
            GrammarFuzz.follow(input.length, () -> Grammar.jsonSchema(schema));
        }
    }
}
