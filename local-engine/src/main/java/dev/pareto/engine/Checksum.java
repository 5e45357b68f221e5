package dev.pareto.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of files and of what is copied, in lower-case hexadecimal. */
final class Checksum {

    private Checksum() {}

    static String of(Path file) throws IOException {
        return of(List.of(file));
    }

    /** Of several files the checksum of all bytes, one file after the other. */
    static String of(List<Path> files) throws IOException {
        var digest = sha256();
        for (var file : files) {
            try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Copies everything and gives the checksum of it. */
    static String copy(InputStream in, OutputStream out) throws IOException {
        var digesting = new DigestInputStream(in, sha256());
        digesting.transferTo(out);
        return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
}
