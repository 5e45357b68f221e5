package dev.pareto.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that lie about themselves: each is refused with the byte and the reason, and by nothing but that. */
final class HostileGgufTest {

    @TempDir
    Path folder;

    static Stream<Arguments> lies() {
        return Stream.of(header(), metadata(), arrays(), tensors(), places()).flatMap(List::stream);
    }

    private static List<Arguments> header() {
        return List.of(lie("an empty file", 0, "the file ends inside the magic number", new GgufWriter()),
                lie("half a magic number", 0, "ends inside the magic number", new GgufWriter().u8('G').u8('G')),
                lie("another magic number", 0, "is not that of a GGUF file", new GgufWriter().u32(0x04034B50).u32(3)),
                lie("no version", 4, "ends inside the version", new GgufWriter().u32(0x46554747)),
                lie("version 1", 4, "version 1; only versions 2 and 3", GgufWriter.version(1).u64(0).u64(0)),
                lie("version 4", 4, "version 4; only versions 2 and 3", GgufWriter.version(4).u64(0).u64(0)),
                lie("a big-endian file", 4, "big-endian", GgufWriter.version(0x03000000).u64(0).u64(0)),
                lie("no counts", 8, "ends inside the number of tensors", GgufWriter.version(3).u32(0)),
                lie("2^63 tensors", 8, "9223372036854775808 tensors", GgufWriter.file(Long.MIN_VALUE, 0)),
                lie("more tensors than bytes", 8, "1000 tensors of at least 33 bytes do not fit",
                        GgufWriter.file(1000, 0)),
                lie("2^64-1 keys", 16, "18446744073709551615 metadata keys", GgufWriter.file(0, -1)),
                lie("more keys than bytes", 16, "do not fit", GgufWriter.file(0, 1)));
    }

    private static List<Arguments> metadata() {
        return List.of(
                lie("an empty key", 24, "0 bytes; 1 to 65535", GgufWriter.file(0, 1).uint32("", 1).u64(0)),
                lie("a key longer than the file", 24, "only 6 remain",
                        GgufWriter.file(0, 1).u64(1L << 40).bytes(new byte[6])),
                lie("a key of 2^63 bytes", 24, "9223372036854775808 bytes",
                        GgufWriter.file(0, 1).u64(Long.MIN_VALUE).bytes(new byte[6])),
                lie("a key beyond the specification", 24, "65536 bytes; 1 to 65535",
                        GgufWriter.file(0, 1).uint32("k".repeat(65536), 1)),
                lie("NUL in a key", 24, "contains NUL", GgufWriter.file(0, 1).uint32("a\0b", 1)),
                lie("a key that is no UTF-8", 24, "is not valid UTF-8",
                        GgufWriter.file(0, 1).u64(2).bytes((byte) 0xC3, (byte) 0x28).u32(4).u32(1)),
                lie("a key that occurs twice", 41, "a occurs twice",
                        GgufWriter.file(0, 2).uint32("a", 1).uint32("a", 2)),
                lie("an unknown value type", 33, "unknown type 13", GgufWriter.file(0, 1).key("a", 13).u64(0)),
                lie("a negative value type", 33, "unknown type 4294967295",
                        GgufWriter.file(0, 1).key("a", -1).u64(0)),
                lie("a value cut off", 37, "8 bytes wanted, 2 remain",
                        GgufWriter.file(0, 1).key("a", 10).bytes(new byte[2])),
                lie("a BOOL of 2", 37, "0 and 1 are allowed", GgufWriter.file(0, 1).key("a", 7).u8(2)),
                lie("a text longer than the file", 37, "99 bytes but only 1 remain",
                        GgufWriter.file(0, 1).key("a", 8).u64(99).u8(1)),
                lie("a text of 2^64-1 bytes", 37, "18446744073709551615 bytes",
                        GgufWriter.file(0, 1).key("a", 8).u64(-1).u8(1)),
                lie("an alignment of 0", 53, "power of two", GgufWriter.file(0, 1).uint32("general.alignment", 0)),
                lie("an alignment of 33", 53, "power of two", GgufWriter.file(0, 1).uint32("general.alignment", 33)),
                lie("an alignment of 128 KiB", 53, "to 65536",
                        GgufWriter.file(0, 1).uint32("general.alignment", 1 << 17)),
                lie("an alignment in words", 53, "should be an integer",
                        GgufWriter.file(0, 1).key("general.alignment", "32")));
    }

    private static List<Arguments> arrays() {
        return List.of(
                lie("an array of an unknown type", 37, "unknown type 99",
                        GgufWriter.file(0, 1).key("a", 9).u32(99).u64(0)),
                lie("an array larger than the file", 41, "1000 elements of the value of a of at least 4 bytes",
                        GgufWriter.file(0, 1).key("a", 9).u32(4).u64(1000).u32(1)),
                lie("an array whose bytes overflow", 41, "4611686018427387905 elements",
                        GgufWriter.file(0, 1).key("a", 9).u32(4).u64((1L << 62) + 1).u32(1)),
                lie("an array of 2^63 texts", 41, "9223372036854775808 elements",
                        GgufWriter.file(0, 1).key("a", 9).u32(8).u64(Long.MIN_VALUE)),
                lie("a text in an array beyond the file", 49, "50 bytes but only 3 remain",
                        GgufWriter.file(0, 1).key("a", 9).u32(8).u64(1).u64(50).bytes(new byte[3])),
                lie("arrays nested five deep", 85, "deeper than 4",
                        nested(GgufWriter.file(0, 1).key("a", 9), 4).u32(4).u64(0)),
                lie("a BOOL of 7 in an array", 51, "0 and 1 are allowed",
                        GgufWriter.file(0, 1).key("a", 9).u32(7).u64(3).u8(1).u8(0).u8(7)));
    }

    private static GgufWriter nested(GgufWriter writer, int levels) {
        for (int i = 0; i < levels; i++) {
            writer.u32(9).u64(1);
        }
        return writer;
    }

    private static List<Arguments> tensors() {
        return List.of(
                lie("a tensor without a name", 24, "0 bytes; 1 to 256",
                        GgufWriter.file(1, 0).tensor("", 0, 0, 1).u64(0)),
                lie("a tensor name of 300 bytes", 24, "300 bytes; 1 to 256",
                        GgufWriter.file(1, 0).tensor("n".repeat(300), 0, 0, 1)),
                lie("a tensor without dimensions", 33, "0 dimensions; 1 to 4",
                        GgufWriter.file(1, 0).tensor("t", 0, 0).u64(0)),
                lie("a tensor of five dimensions", 33, "5 dimensions",
                        GgufWriter.file(1, 0).tensor("t", 0, 0, 1, 1, 1, 1, 1)),
                lie("a tensor of 2^32-1 dimensions", 33, "4294967295 dimensions",
                        GgufWriter.file(1, 0).text("t").u32(-1).bytes(new byte[40])),
                lie("a length of 0", 37, "dimension 0 of tensor t is 0", GgufWriter.file(1, 0).tensor("t", 0, 0, 0)),
                lie("a negative length", 45, "dimension 1 of tensor t is 18446744073709551615",
                        GgufWriter.file(1, 0).tensor("t", 0, 0, 1, -1)),
                lie("lengths that overflow", 33, "beyond 2^63 bytes",
                        GgufWriter.file(1, 0).tensor("t", 0, 0, 1L << 40, 1L << 40)),
                lie("bytes that overflow", 33, "beyond 2^63 bytes", GgufWriter.file(1, 0).tensor("t", 0, 0, 1L << 62)),
                lie("an unknown weight type", 45, "unknown weight type 4", GgufWriter.file(1, 0).tensor("t", 4, 0, 32)),
                lie("a negative weight type", 45, "unknown weight type 4294967295",
                        GgufWriter.file(1, 0).tensor("t", -1, 0, 32)),
                lie("rows of half a block", 33, "no whole number of Q8_0 blocks of 32",
                        GgufWriter.file(1, 0).tensor("t", 8, 0, 48)),
                lie("descriptions cut off", 47, "ends inside the shape",
                        GgufWriter.file(1, 0).text("tensor.name").u32(1).bytes(new byte[7])));
    }

    private static List<Arguments> places() {
        return List.of(
                lie("an unaligned offset", 49, "no multiple of the alignment 32",
                        GgufWriter.file(1, 0).tensor("t", 0, 8, 1).pad(32).bytes(new byte[64])),
                lie("a negative offset", 49, "offset 18446744073709551584",
                        GgufWriter.file(1, 0).tensor("t", 0, -32, 1).pad(32).bytes(new byte[64])),
                lie("weights cut off", 49, "lies outside the file of 95 bytes",
                        GgufWriter.file(1, 0).tensor("t", 0, 0, 8).pad(32).bytes(new byte[31])),
                lie("weights past the end", 49, "lies outside the file",
                        GgufWriter.file(1, 0).tensor("t", 0, 1L << 62, 8).pad(32).bytes(new byte[32])),
                lie("weights before which the file ends", 49, "after byte 64 lies outside the file of 57 bytes",
                        GgufWriter.file(1, 0).tensor("t", 0, 0, 1)),
                lie("a tensor that occurs twice", 57, "tensor t occurs twice",
                        GgufWriter.file(2, 0).tensor("t", 0, 0, 1).tensor("t", 0, 32, 1).pad(32).bytes(new byte[64])),
                lie("tensors that overlap", 82, "tensors t and u overlap",
                        GgufWriter.file(2, 0).tensor("t", 0, 0, 9).tensor("u", 0, 32, 1).pad(32).bytes(new byte[64])));
    }

    private static Arguments lie(String what, long offset, String reason, GgufWriter file) {
        return Arguments.of(what, offset, reason, file.toByteArray());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void isRefusedWithTheByteAndTheReason(String what, long offset, String reason, byte[] bytes) throws IOException {
        var path = Files.write(folder.resolve("lie.gguf"), bytes);

        var thrown = catchThrowable(() -> GgufFile.open(path).close());

        assertThat(thrown).as(what)
                .isInstanceOf(GgufException.class)
                .hasMessageContaining("byte " + offset + ": ")
                .hasMessageContaining(reason);
        assertThat(((GgufException) thrown).offset()).isEqualTo(offset);
    }

    @Test
    void everyPrefixOfARightFileIsRefused() throws IOException {
        var bytes = small();
        for (int length = 0; length < bytes.length; length++) {
            assertRefusedOrRead(Arrays.copyOf(bytes, length), thrown -> assertThat(thrown).isNotNull());
        }
        assertRefusedOrRead(bytes, thrown -> assertThat(thrown).isNull());
    }

    @Test
    void flippedBytesAreRefusedOrReadButNeverFailOtherwise() throws IOException {
        var random = new SplittableRandom(20261121);
        var right = small();
        for (int round = 0; round < 4000; round++) {
            var bytes = right.clone();
            for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length - 64)] = (byte) (random.nextBoolean()
                        ? random.nextInt(256)
                        : new int[]{0, 1, 0x7F, 0x80, 0xFF}[random.nextInt(5)]);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            assertRefusedOrRead(Arrays.copyOf(bytes, length), _ -> {});
        }
    }

    private void assertRefusedOrRead(byte[] bytes, Consumer<Throwable> also) throws IOException {
        var path = Files.write(folder.resolve("mutant.gguf"), bytes);
        var thrown = catchThrowable(() -> {
            try (var file = GgufFile.open(path)) {
                for (var tensor : file.tensors()) {
                    assertThat(file.data(tensor).byteSize()).isEqualTo(tensor.bytes());
                }
            }
        });
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(GgufException.class);
            assertThat(((GgufException) thrown).offset()).isBetween(0L, (long) bytes.length);
        }
        also.accept(thrown);
    }

    /** A little of everything that the format has. */
    private static byte[] small() {
        var writer = GgufWriter.file(3, 7)
                .key("general.architecture", "llama")
                .uint32("general.alignment", 64)
                .float32("scale", 0.5f)
                .strings("tokens", List.of("a", "bc", "", "d"))
                .key("flag", 7)
                .u8(1)
                .key("numbers", 9)
                .u32(5)
                .u64(3)
                .u32(1)
                .u32(-2)
                .u32(3)
                .key("nested", 9)
                .u32(9)
                .u64(2)
                .u32(0)
                .u64(1)
                .u8(5)
                .u32(8)
                .u64(1)
                .text("x");
        return writer.tensor("norm", 0, 0, 16)
                .tensor("matrix", 8, 64, 32, 2)
                .tensor("half", 1, 192, 4, 2)
                .pad(64)
                .bytes(new byte[192 + 16])
                .toByteArray();
    }
}
