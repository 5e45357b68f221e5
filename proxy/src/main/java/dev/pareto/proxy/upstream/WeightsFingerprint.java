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
 * Tells one make of a model from another: SHA-256 over a GGUF file's size, its first and its last mebibyte, and 256 blocks of 64 KiB spread
 * evenly over the whole file. The ends hold the metadata, the chat template and the tensors' types; the blocks reach every layer, so that
 * another fine-tune of the same size is another fingerprint, too. At most 18 MiB are read, for files of many gigabytes need not be read
 * whole at every start.
 */
final class WeightsFingerprint {

    /** Names the way it is made; fingerprints of an older way are not comparable. */
    private static final String SCHEME = "fp2_";

    private static final int END = 1 << 20;
    private static final int BLOCK = 1 << 16;
    private static final int BLOCKS = 256;

    private WeightsFingerprint() {}

    static String of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long size = channel.size();
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(size).flip());
            digest.update(read(channel, 0, END, size));
            double pace = (double) Math.max(0, size - BLOCK) / (BLOCKS - 1);
            for (int i = 0; i < BLOCKS; i++) {
                digest.update(read(channel, (long) (i * pace), BLOCK, size));
            }
            digest.update(read(channel, Math.max(0, size - END), END, size));
            return SCHEME + HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static ByteBuffer read(FileChannel channel, long from, int most, long size) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, size - from));
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // reads on until the buffer is full
        }
        return bytes.flip();
    }
}
