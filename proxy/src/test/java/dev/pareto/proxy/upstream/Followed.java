package dev.pareto.proxy.upstream;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Set;

import dev.pareto.engine.grammar.Constraints;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.engine.sample.TokenConstraint;
import dev.pareto.engine.text.Tokenizer;

/** Whether an answer may be written under a grammar, by a vocabulary of bytes and one control token. */
final class Followed {

    private static final int END = 256;
    private static final int MARKER = 257;

    private final Constraints constraints;
    private final String marker;

    /** @param marker the control token's name, which stands for the token in texts; empty for none */
    Followed(String marker) {
        this.marker = marker;
        this.constraints = new Constraints((Tokenizer) Proxy.newProxyInstance(Tokenizer.class.getClassLoader(),
                new Class<?>[]{Tokenizer.class}, (_, method, arguments) -> {
                    int token = arguments == null ? 0 : (Integer) arguments[0];
                    return switch (method.getName()) {
                        case "vocabularySize" -> MARKER + 1;
                        case "bytes" -> token < END ? new byte[]{(byte) token} : new byte[0];
                        case "name" -> marker;
                        case "isControl" -> token >= END;
                        case "isEndOfGeneration" -> token == END;
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                }));
    }

    boolean may(Grammar grammar, String text) {
        TokenConstraint constraint = constraints.begin(grammar, marker.isEmpty() ? Set.of() : Set.of(MARKER));
        for (int at = 0; at < text.length();) {
            boolean marked = !marker.isEmpty() && text.startsWith(marker, at);
            int next = marked ? at + marker.length() : text.offsetByCodePoints(at, 1);
            byte[] bytes = text.substring(at, next).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < (marked ? 1 : bytes.length); i++) {
                int token = marked ? MARKER : bytes[i] & 0xFF;
                if (!BitSet.valueOf(constraint.allowed()).get(token)) {
                    return false;
                }
                constraint.accept(token);
            }
            at = next;
        }
        return constraint.finished() || BitSet.valueOf(constraint.allowed()).get(END);
    }
}
