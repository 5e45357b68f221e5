package dev.pareto.proxy.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

import dev.pareto.proxy.cli.Ran;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TokenizeCommandTest {

    private static final String TEXT = "Olá, where is my order?\n";

    @TempDir
    private Path home;

    private Ran tokenize(String... arguments) {
        return Ran.command(new TokenizeCommand(new ByteArrayInputStream(TEXT.getBytes(StandardCharsets.UTF_8))), home,
                arguments);
    }

    private static String ids(Ran ran) {
        assertThat(ran.status()).as(ran.err()).isZero();
        JsonNode document = JsonMapper.shared().readTree(ran.out());
        assertThat(document.propertyNames()).containsExactly("tokens");
        return document.path("tokens").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
    }

    @Test
    void textComesFromAnArgumentAFileOrStandardInputAndGoesBackAgain() throws IOException {
        Path file = Files.writeString(home.resolve("text.txt"), TEXT);
        String ids = ids(tokenize("support-desk", TEXT, "--json"));

        assertThat(ids).matches("\\d+(,\\d+)+");
        assertThat(ids(tokenize("local/support-desk", "--json"))).isEqualTo(ids);
        assertThat(ids(tokenize("support-desk", "-", "--json"))).isEqualTo(ids);
        assertThat(ids(tokenize("support-desk", "--file", file.toString(), "--json"))).isEqualTo(ids);
        Ran back = tokenize("support-desk", "--decode", ids, "--json");
        assertThat(JsonMapper.shared().readTree(back.out()).path("text").asString()).isEqualTo(TEXT);
        assertThat(tokenize("support-desk", "--decode", ids.replace(",", ", ")).out().stripTrailing())
                .isEqualTo(TEXT.stripTrailing());
    }

    @Test
    void aPersonSeesIdsWithTheirPieces() {
        Ran ran = tokenize("support-desk", "where is \"my\" order?\n€");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out().lines()).anyMatch(line -> line.matches(" *\\d+  \".*where.*\""))
                .anyMatch(line -> line.contains("\\n"))
                .last()
                .asString()
                .matches("\\d+ tokens of support-desk");
    }

    @Test
    void specialTokensAreThereOnRequest() {
        Path model = Ran.goldenModel("yi");
        String plain = ids(tokenize(model.toString(), "</s> a", "--json"));
        String special = ids(tokenize(model.toString(), "</s> a", "--special", "--json"));

        assertThat(special).isNotEqualTo(plain);
        assertThat(special.split(",").length).isLessThan(plain.split(",").length + 1);
    }

    @Test
    void whatCannotBeIsOneLineThatSaysHowToMendIt() throws IOException {
        assertThat(fault(1, tokenize("nowhere", "text"))).contains("no model nowhere").contains("support-desk");
        assertThat(fault(1, tokenize("bad\0name", "text"))).contains("no model");
        assertThat(fault(1, tokenize("support-desk", "--decode", "1,-2"))).contains("token -2").contains("0 to ");
        assertThat(fault(1, tokenize("support-desk", "--file", home.resolve("none").toString())))
                .contains("there is no file " + home.resolve("none"));
        Path wrong = Files.write(home.resolve("wrong.txt"), new byte[]{'a', 'b', (byte) 0xff});
        assertThat(fault(1, tokenize("support-desk", "--file", wrong.toString()))).contains("byte 2").contains("UTF-8");
        Path notes = Files.writeString(home.resolve("notes.gguf"), "these are only notes, no weights at all");
        assertThat(fault(1, tokenize(notes.toString(), "text"))).contains("cannot run the model notes");
        assertThat(fault(2, Ran.models(home, "tokenize", "support-desk", "--decode", "x"))).contains("--decode");
        assertThat(fault(2, Ran.models(home, "tokenize", "support-desk", "text", "--decode", "1")))
                .contains("one of them only");
    }

    static String fault(int status, Ran ran) {
        assertThat(ran.status()).as(ran.err()).isEqualTo(status);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("pareto: ");
        assertThat(ran.err().lines().filter(line -> !line.startsWith("See pareto "))).hasSize(1);
        return ran.err();
    }
}
