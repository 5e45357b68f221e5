package dev.pareto.proxy.hub;

import org.jspecify.annotations.Nullable;

/**
 * A file in a hub's repository at a fixed commit.
 *
 * @param bytes the size that the hub states
 * @param sha256 the content's checksum in lower-case hex; null for files that the hub keeps outside its large-file store
 */
public record HubFile(String path, long bytes, @Nullable String sha256) {

    public HubFile {
        if (path.chars().anyMatch(Character::isISOControl)) {
            throw new HubException("the hub names a file with control characters in its name");
        }
        if (path.startsWith("/") || path.contains("..") || path.contains("\\")) {
            throw new HubException("the hub names a file outside its repository: " + path);
        }
        if (bytes < 0) {
            throw new HubException("the hub states no size for " + path);
        }
        if (sha256 != null && !sha256.matches("[0-9a-f]{64}")) {
            throw new HubException("the hub states a checksum for " + path + " that is no SHA-256");
        }
    }

    /** The last part of the path, which is the file's name here. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
