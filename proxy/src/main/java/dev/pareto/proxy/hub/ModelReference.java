package dev.pareto.proxy.hub;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for: {@code hf:owner/repo[:file|quantisation]}.
 *
 * @param selector a file's path or a quantisation such as {@code Q4_K_M}; null leaves the choice to {@link HubFiles}
 */
public record ModelReference(String owner, String repository, @Nullable String selector) {

    // The characters that the hub allows; anything else could leave the address's path.
    private static final Pattern FORM = Pattern.compile(
            "hf:([A-Za-z0-9][A-Za-z0-9._-]{0,95})/([A-Za-z0-9][A-Za-z0-9._-]{0,95})(?::([A-Za-z0-9][A-Za-z0-9._/-]{0,255}))?");

    public static ModelReference parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches() || text.contains("..")) {
            throw new HubException("'" + text + "' is not a model reference: write hf:owner/repo, hf:owner/repo:Q4_K_M"
                    + " or hf:owner/repo:file.gguf");
        }
        return new ModelReference(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    @Override
    public String toString() {
        return "hf:" + owner + "/" + repository + (selector == null ? "" : ":" + selector);
    }
}
