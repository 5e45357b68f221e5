package dev.pareto.evals.grade.json;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** The answer must be JSON that a schema (draft 2020-12 unless it names another) accepts. */
public final class JsonSchemaMatch implements TextGrader {

    private static final int MOST_ERRORS = 3;

    private final Schema schema;
    private final boolean tolerant;

    /**
     * @param schema the schema; references must stay within it, for a suite fetches nothing
     * @param tolerant whether prose and code fences around the JSON are forgiven
     * @throws IllegalArgumentException when it is no schema or refers to another document
     */
    public JsonSchemaMatch(JsonNode schema, boolean tolerant) {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw new IllegalArgumentException("a schema is an object, not " + schema);
        }
        for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
            for (JsonNode reference : schema.findValues(keyword)) {
                if (reference.isString() && !reference.stringValue().startsWith("#")) {
                    throw new IllegalArgumentException("refers to " + reference.stringValue()
                            + "; references must stay within the schema");
                }
            }
        }
        this.tolerant = tolerant;
        try {
            this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
            this.schema.initializeValidators();
        } catch (SchemaException e) {
            throw new IllegalArgumentException("not a JSON schema: " + e.getMessage(), e);
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        Optional<JsonNode> parsed = JsonAnswer.parse(answer, tolerant);
        if (parsed.isEmpty()) {
            return Grade.unreadable("not JSON: " + Texts.shown(answer));
        }
        List<com.networknt.schema.Error> errors = schema.validate(parsed.get());
        return errors.isEmpty()
                ? Grade.right("follows the schema")
                : Grade.unreadable(errors.stream()
                        .limit(MOST_ERRORS)
                        .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                        .collect(Collectors.joining("; ")));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
