package dev.pareto.evals.grade.judge;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which models are kin. Judges favour their own kind (measured: GPT-4 as judge lets GPT's side win 71.5 % on MT-bench), so one
 * must not judge a model of its family. A distilled model has two families.
 */
public final class Families {

    private static final Map<String, List<String>> MARKS = Map.ofEntries(
            Map.entry("gpt", List.of("gpt", "chatgpt", "davinci", "o1", "o3", "o4")),
            Map.entry("claude", List.of("claude")),
            Map.entry("gemini", List.of("gemini", "gemma", "palm", "palm2", "bard")),
            Map.entry("llama",
                    List.of("llama", "llama2", "llama3", "codellama", "vicuna", "alpaca", "tulu", "nemotron")),
            Map.entry("mistral",
                    List.of("mistral", "mixtral", "ministral", "codestral", "devstral", "magistral", "pixtral",
                            "zephyr")),
            Map.entry("qwen", List.of("qwen", "qwen1", "qwen2", "qwen3", "qwq")),
            Map.entry("deepseek", List.of("deepseek")),
            Map.entry("grok", List.of("grok")), Map.entry("command", List.of("command", "aya", "c4ai")),
            Map.entry("phi", List.of("phi")), Map.entry("nova", List.of("nova", "titan")),
            Map.entry("yi", List.of("yi")), Map.entry("glm", List.of("glm", "chatglm")),
            Map.entry("kimi", List.of("kimi", "moonshot")),
            Map.entry("jamba", List.of("jamba")), Map.entry("falcon", List.of("falcon")),
            Map.entry("reka", List.of("reka")),
            Map.entry("granite", List.of("granite")), Map.entry("olmo", List.of("olmo")),
            Map.entry("smollm", List.of("smollm", "smollm2")));
    private static final Pattern NOT_WORD = Pattern.compile("[^a-z0-9]+");
    private static final Pattern TRAILING_DIGITS = Pattern.compile("(?<=[a-z]{3})\\d+$");

    private Families() {}

    /** The families of a model by its name, with or without its vendor; the bare name where none is known. */
    public static Set<String> of(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        Set<String> words = new HashSet<>();
        NOT_WORD.splitAsStream(name).forEach(word -> {
            words.add(word);
            words.add(TRAILING_DIGITS.matcher(word).replaceFirst(""));
        });
        Set<String> families = new TreeSet<>();
        MARKS.forEach((family, marks) -> {
            if (marks.stream().anyMatch(words::contains)) {
                families.add(family);
            }
        });
        return families.isEmpty() ? Set.of(name) : families;
    }

    /** Whether the models share a family. */
    public static boolean kin(String one, String other) {
        Set<String> common = new HashSet<>(of(one));
        common.retainAll(of(other));
        return !common.isEmpty();
    }
}
