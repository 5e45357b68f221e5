package dev.pareto.policies.predict;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One prompt as the predictors see it. It lives as long as its decision: it is never stored and never logged, which is why
 * {@link #toString} hides it.
 *
 * @param text what the user asks last, at most {@link #MOST_CHARACTERS}
 * @param segment the value of the route's segment tag; null where it has none
 */
public record PromptText(String text, @Nullable String segment) {

    /** Longer prompts keep their beginning and their end, which is what the predictors read of them. */
    public static final int MOST_CHARACTERS = 16_000;

    private static final int MOST_SEGMENT = 200;

    public PromptText {
        requireNonNull(text, "text is null");
        if (text.length() > MOST_CHARACTERS) {
            int half = MOST_CHARACTERS / 2;
            text = text.substring(0, half) + text.substring(text.length() - half);
        }
        if (segment != null && segment.length() > MOST_SEGMENT) {
            segment = segment.substring(0, MOST_SEGMENT);
        }
    }

    @Override
    public String toString() {
        return "PromptText[" + text.length() + " characters, segment=" + segment + "]";
    }
}
