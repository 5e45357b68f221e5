package dev.pareto.proxy.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells one make of a model from another: SHA-256 over a GGUF file's size, its first and its last mebibyte. Those hold the
 * metadata, the chat template, the tensors' types and some of their weights, so that another quantisation, revision or template
 * is another fingerprint; files of many gigabytes need not be read whole at every start.
 */
final class WeightsFingerprint {

    private static final int END = 1 << 20;

    private WeightsFingerprint() {}

    static String of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long size = channel.size();
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
            digest.update(read(channel, 0, size));
            digest.update(read(channel, Math.max(0, size - END), size));
            return "fp_" + HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static ByteBuffer read(FileChannel channel, long from, long size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(END, size - from));
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // reads on until the buffer is full
        }
        return bytes.flip();
    }
}
