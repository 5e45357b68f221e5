package dev.pareto.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.pareto.engine.sample.TokenConstraint;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever tokens are drawn from those that are allowed: what comes to an end is valid, by another's validator. */
final class RandomWalkTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST = 900;

    @Test
    void everyFinishedWalkIsValidForItsSchema() {
        var random = new SplittableRandom(20);
        var words = Words.mixed(random, 600, "\"name\":", "\"id\":", "{\"", "\"}", "[]", "{}", "\",\"", "null}",
                "2024-",
                "true,", "-1", "00", "]}");
        var constraints = new Constraints(words);
        var schemas = new RandomSchemas(random);
        var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        int finished = 0;
        int walks = 0;
        for (int round = 0; round < 400; round++) {
            var schema = schemas.next();
            var grammar = Grammar.jsonSchema(schema);
            JsonNode node = JSON.valueToTree(schema);
            var validator = registry.getSchema(node);
            for (int walk = 0; walk < 4; walk++) {
                walks++;
                var text = walk(constraints, grammar, words, random);
                if (text == null) {
                    continue;
                }
                finished++;
                var errors = validator.validate(JSON.readTree(text),
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
                assertThat(errors).as("%s for %s", text, node).isEmpty();
            }
        }
        assertThat(finished).as("walks that came to an end, of %d", walks).isGreaterThan(walks * 3 / 4);
    }

    @Test
    void whereTokensRunOutTheTextIsEndedInTime() {
        var random = new SplittableRandom(21);
        var words = Words.mixed(random, 600, "\"name\":", "{\"", "[{\"", "\"}", "\",\"", "]}");
        var constraints = new Constraints(words);
        var schemas = new RandomSchemas(random);
        var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        for (int round = 0; round < 300; round++) {
            var schema = schemas.next();
            var grammar = Grammar.jsonSchema(schema);
            int most = TextLengths.shortest(grammar) + random.nextInt(80);
            var text = hurriedWalk(constraints.begin(grammar), words, random, most);
            JsonNode node = JSON.valueToTree(schema);
            var errors = registry.getSchema(node)
                    .validate(JSON.readTree(text),
                            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
            assertThat(errors).as("%s for %s in %d tokens", text, node, most).isEmpty();
        }
    }

    /** Draws any token that may follow, as long as there are tokens left. */
    private static String hurriedWalk(TokenConstraint constraint, Words words, SplittableRandom random, int most) {
        var out = new ByteArrayOutputStream();
        for (int left = most; left > 0 && !constraint.finished(); left--) {
            int token = any(BitSet.valueOf(constraint.allowed()), random);
            long[] closing = constraint.closing(token, left);
            if (closing != null) {
                assertThat(BitSet.valueOf(closing).get(token)).isFalse();
                token = any(BitSet.valueOf(closing), random);
                assertThat(constraint.closing(token, left)).isNull();
            }
            constraint.accept(token);
            out.writeBytes(words.bytes(token));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int any(BitSet tokens, SplittableRandom random) {
        int[] each = tokens.stream().toArray();
        return each[random.nextInt(each.length)];
    }

    /** The text of a walk, or null where it did not come to an end. */
    private static @Nullable String walk(Constraints constraints, Grammar grammar, Words words,
            SplittableRandom random) {
        var constraint = constraints.begin(grammar);
        var out = new ByteArrayOutputStream();
        for (int step = 0; step < LONGEST; step++) {
            if (constraint.finished()) {
                return out.toString(StandardCharsets.UTF_8);
            }
            int token = pick(BitSet.valueOf(constraint.allowed()), words, random, step);
            constraint.accept(token);
            out.writeBytes(words.bytes(token));
        }
        return null;
    }

    /** Any token at first; later rather those that close what is open. */
    private static int pick(BitSet allowed, Words words, SplittableRandom random, int step) {
        int[] tokens = allowed.stream().toArray();
        int best = tokens[random.nextInt(tokens.length)];
        int tries = step < 25 ? 1 : 12;
        for (int i = 1; i < tries && closing(words.bytes(best)) == 0; i++) {
            int other = tokens[random.nextInt(tokens.length)];
            best = closing(words.bytes(other)) >= closing(words.bytes(best)) ? other : best;
        }
        if (step >= 60) {
            for (int token : tokens) {
                best = closing(words.bytes(token)) > closing(words.bytes(best)) ? token : best;
            }
        }
        return best;
    }

    private static int closing(byte[] bytes) {
        if (bytes.length == 0) {
            return 9;
        }
        int score = 0;
        for (byte value : bytes) {
            score += switch (value) {
                case '}', ']' -> 3;
                case '"' -> 2;
                case '{', '[', ' ', ',', '\n' -> -2;
                default -> 0;
            };
        }
        return score;
    }
}
