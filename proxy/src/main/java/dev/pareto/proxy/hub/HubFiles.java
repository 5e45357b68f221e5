package dev.pareto.proxy.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The GGUF files of a repository at one commit.
 *
 * @param revision the commit that the list was read at; downloads are pinned to it
 */
public record HubFiles(String revision, List<HubFile> files) {

    /** When nothing is asked for: the quantisations that lose little, smallest first. */
    private static final List<String> PREFERRED = List.of("Q4_K_M", "Q8_0", "Q4_0", "Q6_K", "F16", "BF16", "F32");

    private static final Pattern SHARD = Pattern.compile("-\\d{5}-of-\\d{5}\\.gguf$");

    public HubFiles {
        files = files.stream().filter(file -> isModel(file.path())).toList();
    }

    static boolean isModel(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /** The one model that the reference selects: a single file, or all the parts of a split one. */
    public List<HubFile> select(ModelReference reference) {
        var models = new TreeMap<String, List<HubFile>>();
        for (HubFile file : files) {
            models.computeIfAbsent(SHARD.matcher(file.path()).replaceFirst(".gguf"), _ -> new ArrayList<>()).add(file);
        }
        if (models.isEmpty()) {
            throw new HubException(reference + " holds no GGUF file; look for a repository whose name ends in -GGUF");
        }
        String selector = reference.selector();
        List<String> matches = selector == null
                ? preferred(models.keySet().stream().toList())
                : models.keySet().stream().filter(path -> matches(path, selector)).toList();
        if (matches.size() != 1) {
            throw new HubException((matches.isEmpty() ? reference + " matches no file." : reference + " is ambiguous.")
                    + " The repository holds:\n" + listing(models.keySet().stream().toList()));
        }
        return List.copyOf(models.getOrDefault(matches.getFirst(), List.of()));
    }

    private static List<String> preferred(List<String> paths) {
        if (paths.size() == 1) {
            return paths;
        }
        for (String quantisation : PREFERRED) {
            List<String> found = paths.stream().filter(path -> matches(path, quantisation)).toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static boolean matches(String path, String selector) {
        if (path.equals(selector) || path.endsWith("/" + selector)) {
            return true;
        }
        String wanted = "(^|[^A-Za-z0-9])" + Pattern.quote(selector) + "([^A-Za-z0-9_]|$)";
        return Pattern.compile(wanted, Pattern.CASE_INSENSITIVE).matcher(path).find();
    }

    private static String listing(List<String> paths) {
        return paths.stream().limit(40).map(path -> "  " + path).collect(Collectors.joining("\n"));
    }
}
