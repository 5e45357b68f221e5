package dev.pareto.proxy.dialect.openai;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/** Searches in JSON bytes without parsing them. A bare quote never stands inside a JSON string, so a quoted name is a name or a value. */
final class Bytes {

    private Bytes() {}

    /** Where {@code wanted} begins in the range, or -1. */
    static int indexOf(byte[] bytes, int from, int to, byte[] wanted) {
        int last = to - wanted.length;
        byte second = wanted[1];
        for (int i = from; i <= last; i++) {
            if (bytes[i + 1] == second && bytes[i] == wanted[0] && matches(bytes, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether, behind blanks and a colon, the value at {@code at} begins with {@code first}. */
    static boolean memberIs(byte[] bytes, int at, int to, char first) {
        int value = valueAt(bytes, at, to);
        return value >= 0 && bytes[value] == first;
    }

    /** Length in characters of the string value behind a name; 0 when the value is no string. */
    static int stringLength(byte[] bytes, int at, int to) {
        int value = valueAt(bytes, at, to);
        if (value < 0 || bytes[value] != '"') {
            return 0;
        }
        int characters = 0;
        for (int i = value + 1; i < to && bytes[i] != '"'; i++) {
            if (bytes[i] == '\\') {
                i++;
            }
            // a byte 10xxxxxx continues a character
            if ((bytes[Math.min(i, to - 1)] & 0xC0) != 0x80) {
                characters++;
            }
        }
        return characters;
    }

    /** The string value behind a name when it is short and plain; null otherwise. */
    static @Nullable String string(byte[] bytes, int at, int to) {
        int value = valueAt(bytes, at, to);
        if (value < 0 || bytes[value] != '"') {
            return null;
        }
        for (int i = value + 1; i < to && bytes[i] != '\\'; i++) {
            if (bytes[i] == '"') {
                return new String(bytes, value + 1, i - value - 1, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** The object behind a name, braces included; null when it does not end here. */
    static @Nullable String object(byte[] bytes, int at) {
        int value = valueAt(bytes, at, bytes.length);
        int depth = 0;
        for (int i = Math.max(value, 0); value >= 0 && i < bytes.length; i++) {
            if (bytes[i] == '{') {
                depth++;
            } else if (bytes[i] == '}' && --depth == 0) {
                return new String(bytes, value, i + 1 - value, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    private static int valueAt(byte[] bytes, int at, int to) {
        boolean colon = false;
        for (int i = at; i < to; i++) {
            byte value = bytes[i];
            if (value == ':' && !colon) {
                colon = true;
            } else if (value != ' ' && value != '\t' && value != '\n' && value != '\r') {
                return colon ? i : -1;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] bytes, int at, byte[] wanted) {
        for (int i = 2; i < wanted.length; i++) {
            if (bytes[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
