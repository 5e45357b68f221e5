package dev.pareto.policies.predict.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class EncodedPromptTest {

    private static final String TEXT = "Please prove that sqrt(2) is irrational.\nA. 1\nB. 2, über 17 % of them";

    @Test
    void whatIsKeptComesBack() {
        EncodedPrompt kept = EncodedPrompt.of(TEXT, "maths");
        EncodedPrompt read = EncodedPrompt.read(kept.bytes(), "maths");

        assertThat(read).isEqualTo(kept).hasSameHashCodeAs(kept);
        assertThat(read.features()).isGreaterThan(20);
        for (int d = 0; d < kept.dense.length; d++) {
            assertThat(read.dense[d]).isEqualTo(kept.dense[d], org.assertj.core.data.Offset.offset(
                    Math.max(1e-3f, Math.abs(kept.dense[d]) / 1000)));
        }
        assertThat(kept.bytes().length).isLessThan(200 + 4 * kept.features());
    }

    @Test
    void neitherWordsNorTheirOrderAreKept() {
        byte[] bytes = EncodedPrompt.of("confidential merger of Acme", null).bytes();

        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("confidential", "Acme", "merger");
        assertThat(EncodedPrompt.of("merger", null).toString()).doesNotContain("merger");
        int[] hashes = EncodedPrompt.of(TEXT, null).hashes;
        assertThat(hashes).isSorted();
    }

    @Test
    void aRowThatIsCutOrOfAnotherVersionIsRefused() {
        byte[] bytes = EncodedPrompt.of(TEXT, null).bytes();
        byte[] newer = bytes.clone();
        newer[0] = 2;

        assertThatThrownBy(() -> EncodedPrompt.read(Arrays.copyOf(bytes, bytes.length - 1), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cut off");
        assertThatThrownBy(() -> EncodedPrompt.read(newer, null)).hasMessageContaining("version 2");
        assertThatThrownBy(() -> EncodedPrompt.read(new byte[]{1, -1, -1, -1, -1, 127}, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
