package dev.pareto.proxy.cli.models;

import dev.pareto.engine.text.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Tokens and model output as a terminal may see them: a stranger's text has no power over it. */
final class TokenText {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private TokenText() {}

    /** A quoted piece of text, the bytes of a part of a character as {@code <E2 82>}, or the name of a control token. */
    static String piece(Tokenizer tokenizer, int token) {
        if (token < 0 || token >= tokenizer.vocabularySize()) {
            return "(not in the vocabulary)";
        }
        byte[] bytes = tokenizer.bytes(token);
        if (bytes.length == 0) {
            return printable(tokenizer.name(token));
        }
        try {
            return quoted(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            return "<" + HEX.withDelimiter(" ").formatHex(bytes) + ">";
        }
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.codePoints().forEach(character -> {
            switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (commands(character)) {
                        quoted.append("\\u").append(HEX.toHexDigits((char) character));
                    } else {
                        quoted.appendCodePoint(character);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** The text without characters that command a terminal; lines and tabs stay. */
    static String printable(String text) {
        var printable = new StringBuilder(text.length());
        text.codePoints()
                .map(character -> commands(character) && character != '\n' && character != '\t' ? '?' : character)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }

    /** Control characters, line and paragraph separators, and those that turn the direction of writing. */
    private static boolean commands(int character) {
        return Character.isISOControl(character) || character == 0x2028 || character == 0x2029
                || (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
    }
}
