package dev.pareto.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

final class Utf8StreamTest {

    @Test
    void holdsACharacterBackUntilItsLastByte() {
        var stream = new Utf8Stream();
        var bytes = "😀".getBytes(StandardCharsets.UTF_8);
        assertThat(stream.accept(Arrays.copyOfRange(bytes, 0, 1))).isEmpty();
        assertThat(stream.accept(Arrays.copyOfRange(bytes, 1, 3))).isEmpty();
        assertThat(stream.accept(Arrays.copyOfRange(bytes, 3, 4))).isEqualTo("😀");
        assertThat(stream.flush()).isEmpty();
    }

    @Test
    void anIncompleteCharacterAtTheEndIsReplaced() {
        var stream = new Utf8Stream();
        assertThat(stream.accept(new byte[]{'a', (byte) 0xE2, (byte) 0x82})).isEqualTo("a");
        assertThat(stream.flush()).isEqualTo("\uFFFD");
        assertThat(stream.accept(new byte[]{'b'})).isEqualTo("b");
    }

    @Test
    void anyBytesInAnyPiecesGiveWhatOneDecoderGives() {
        var random = new Random(3);
        var leads = new int[]{0x41, 0x80, 0xBF, 0xC0, 0xC3, 0xE0, 0xE2, 0xED, 0xF0, 0xF4, 0xF8, 0xFF, 0xA0, 0x82};
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(12)];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = (byte) (random.nextBoolean() ? leads[random.nextInt(leads.length)] : random.nextInt(256));
            }
            var stream = new Utf8Stream();
            var text = new StringBuilder();
            for (int at = 0; at < bytes.length;) {
                int to = Math.min(bytes.length, at + random.nextInt(4));
                text.append(stream.accept(Arrays.copyOfRange(bytes, at, to)));
                at = to;
            }
            text.append(stream.flush());
            assertThat(text.toString()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
