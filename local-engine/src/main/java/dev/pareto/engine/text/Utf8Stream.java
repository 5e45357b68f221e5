package dev.pareto.engine.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns the bytes of one token after another into whole characters: what a token starts waits for what ends it. Over
 * all calls the text is exactly what decoding all bytes at once gives, with U+FFFD for invalid ones.
 *
 * <p>One object serves one stream and is not safe to share.
 */
public final class Utf8Stream {

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    /** The first bytes of a character whose others have not come; three at most. */
    private byte[] waiting = new byte[0];

    /** The characters that these bytes complete; often none. */
    public String accept(byte[] bytes) {
        return decode(bytes, false);
    }

    /** What is left at the end: U+FFFD for a character that was not completed, or nothing. Begins anew afterwards. */
    public String flush() {
        var rest = decode(new byte[0], true);
        decoder.reset();
        return rest;
    }

    private String decode(byte[] bytes, boolean end) {
        var in = ByteBuffer.allocate(waiting.length + bytes.length).put(waiting).put(bytes).flip();
        var out = CharBuffer.allocate(in.remaining() + 2);
        decoder.decode(in, out, end);
        if (end) {
            decoder.flush(out);
        }
        waiting = Arrays.copyOfRange(in.array(), in.position(), in.limit());
        return out.flip().toString();
    }
}
