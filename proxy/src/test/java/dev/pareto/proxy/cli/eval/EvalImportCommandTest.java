package dev.pareto.proxy.cli.eval;

import dev.pareto.proxy.cli.Main;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EvalImportCommandTest {

    @TempDir
    private Path folder;

    @Test
    void listsWhatItLeftOutForPeopleAndForScripts() throws IOException {
        Path source = Files.writeString(folder.resolve("promptfooconfig.yaml"),
                """
                prompts: ['{{q}}']
                tests:
                  - vars: {q: '1+1?'}
                    assert: [{type: equals, value: '2'}, {type: javascript, value: 'true'}]
                """);
        assertThat(run(0, "promptfoo", source.toString(), "--out", folder.resolve("one").toString()))
                .contains("1 items, graders [equals]", "Left out", "javascript: true", "executes nothing");
        JsonNode json = JsonMapper.shared()
                .readTree(
                        run(0, "promptfoo", source.toString(), "--out", folder.resolve("two").toString(), "--json"));
        assertThat(json.path("items").asInt()).isEqualTo(1);
        assertThat(json.path("dropped")).hasSize(1);
    }

    @Test
    void aWrongWordIsOneLine() {
        assertThat(run(1, "prompfoo", "x", "--out", "y")).contains("unknown format 'prompfoo'; known are", "promptfoo")
                .hasLineCount(1);
        assertThat(run(1, "promptfoo", folder.resolve("none").toString(), "--out", "y")).contains("no such file")
                .hasLineCount(1);
        assertThat(run(1, "promptfoo", "x", "--out", "y", "--grader", "exact")).contains("is no grader")
                .hasLineCount(1);
    }

    private static String run(int status, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        String[] all = new String[arguments.length + 2];
        all[0] = "eval";
        all[1] = "import";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        int ended = Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(all);
        assertThat(ended).as(out + "\n" + err).isEqualTo(status);
        return status == 0 ? out.toString() : err.toString();
    }
}
