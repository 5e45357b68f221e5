package dev.pareto.proxy.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes a model file whose chat template knows no tools into one whose template does. */
public final class ToolTemplate {

    private static final String KEY = "tokenizer.chat_template";
    private static final String TEMPLATE = "{% if tools %}{{tools|tojson}}<tool_call>{% endif %}{% for m in messages %}"
            + "<|im_start|>{{m.role}}\n{{m.content}}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";

    private ToolTemplate() {}

    /** A copy of the file; the new template takes the place of the old one, filled up with a comment. */
    public static byte[] in(byte[] gguf) {
        byte[] bytes = gguf.clone();
        int key = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(KEY);
        var file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(key + KEY.length() + Integer.BYTES);
        int length = Math.toIntExact(file.getLong());
        String filling = "{#" + " ".repeat(length - TEMPLATE.length() - 4) + "#}";
        file.put((filling + TEMPLATE).getBytes(StandardCharsets.US_ASCII));
        return bytes;
    }
}
