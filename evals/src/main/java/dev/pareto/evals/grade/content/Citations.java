package dev.pareto.evals.grade.content;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer must cite: numbered references {@code [1]} or addresses. With a key the cited numbers or addresses must
 * be among it, so that an invented source is a fault.
 *
 * @param min how many different sources it must cite
 */
public record Citations(int min) implements TextGrader {

    private static final Pattern CITED = Pattern
            .compile("\\[(\\d{1,4}(?:\\s*[,;]\\s*\\d{1,4})*)\\]|(https?://[^\\s)\\]>\"']{1,2000})");
    private static final Pattern COMMA = Pattern.compile("\\s*[,;]\\s*");

    /** Checks the number. */
    public Citations {
        if (min < 1) {
            throw new IllegalArgumentException("at least one citation must be asked for");
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        Set<String> cited = new TreeSet<>();
        Matcher matcher = CITED.matcher(answer);
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                COMMA.splitAsStream(matcher.group(1)).forEach(cited::add);
            } else {
                cited.add(matcher.group(2).replaceAll("[.,;:]+$", ""));
            }
        }
        Set<String> invented = new TreeSet<>(cited);
        List<String> sources = Texts.scalars(expected);
        invented.removeAll(sources);
        if (!sources.isEmpty() && !invented.isEmpty()) {
            return Grade.wrong("cites " + invented + ", which is no source");
        }
        return Grade.of(cited.size() >= min, "cites " + cited.size() + " sources, not " + min);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return null;
    }
}
