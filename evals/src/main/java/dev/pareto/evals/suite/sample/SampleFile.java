package dev.pareto.evals.suite.sample;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * One file of samples, with one expiry. Layout: magic {@code PSM1}, expiry (8 bytes, epoch seconds), salt (16); then records: length (4)
 * and AES-256-GCM of a sample. A file is written by one process once, so its record numbers serve as nonces; header and number
 * are authenticated, so records cannot be exchanged, moved or given another expiry.
 */
final class SampleFile implements AutoCloseable {

    static final int MAX_RECORD_BYTES = 1 << 20;

    private static final int MAGIC = 0x50534D31;
    private static final int SALT_BYTES = 16;
    private static final int HEADER_BYTES = 4 + 8 + SALT_BYTES;
    private static final int TAG_BITS = 128;

    private final FileChannel channel;
    private final SecretKey key;
    private final byte[] header;
    private long number;
    private long bytes = HEADER_BYTES;

    private SampleFile(FileChannel channel, SecretKey key, byte[] header) {
        this.channel = channel;
        this.key = key;
        this.header = header;
    }

    /** Makes a file that only this user may read. */
    static SampleFile create(Path file, SampleKey key, Instant expiry, SecureRandom random) throws IOException {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .putInt(MAGIC)
                .putLong(expiry.getEpochSecond())
                .put(salt)
                .array();
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = posix
                ? new FileAttribute<?>[]{
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                owner);
        write(channel, ByteBuffer.wrap(header));
        return new SampleFile(channel, key.derived(salt), header);
    }

    /** Appends a record with one call; a crash leaves at most one torn record at the end. */
    void append(byte[] plain) throws IOException {
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, header, number, plain);
        ByteBuffer record = ByteBuffer.allocate(4 + sealed.length).putInt(sealed.length).put(sealed).flip();
        number++;
        bytes += record.remaining();
        write(channel, record);
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** When it must be gone; {@code Instant.MIN} when it is no file of samples. */
    static Instant expiry(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            return in.readInt() == MAGIC ? Instant.ofEpochSecond(in.readLong()) : Instant.MIN;
        } catch (EOFException e) {
            return Instant.MIN;
        }
    }

    /** Every whole record. @throws IOException when the key is another's or the file was changed */
    static List<byte[]> read(Path file, SampleKey key) throws IOException {
        List<byte[]> records = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            byte[] header = in.readNBytes(HEADER_BYTES);
            if (header.length < HEADER_BYTES || ByteBuffer.wrap(header).getInt() != MAGIC) {
                return records;
            }
            byte[] salt = new byte[SALT_BYTES];
            ByteBuffer.wrap(header).get(HEADER_BYTES - SALT_BYTES, salt);
            SecretKey own = key.derived(salt);
            while (true) {
                byte[] length = in.readNBytes(4);
                int size = length.length < 4 ? 0 : ByteBuffer.wrap(length).getInt();
                if (size <= 0 || size > MAX_RECORD_BYTES + TAG_BITS / 8) {
                    return records;
                }
                byte[] sealed = in.readNBytes(size);
                if (sealed.length < size) {
                    return records;
                }
                try {
                    records.add(crypt(Cipher.DECRYPT_MODE, own, header, records.size(), sealed));
                } catch (IOException e) {
                    throw new IOException(
                            file + ": record " + records.size() + " cannot be decrypted; is gateway.samples.key"
                                    + " the one that it was written with?",
                            e);
                }
            }
        }
    }

    private static byte[] crypt(int mode, SecretKey key, byte[] header, long number, byte[] data) throws IOException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(number).array();
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(header);
            return cipher.doFinal(data);
        } catch (AEADBadTagException e) {
            throw new IOException("wrong key, or changed bytes", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    private static void write(FileChannel channel, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }
}
