package dev.pareto.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models over several files: read as one, and refused with the file and the reason where the files do not fit. */
final class SplitGgufTest {

    @TempDir
    Path folder;

    /** A part with one tensor of two floats, {@code value} and its negative, named {@code tensor}. */
    private static GgufWriter part(int number, int count, int tensors, String tensor, float value) {
        return head(1, number == 0 ? 4 : 3, number, count, tensors, number == 0 ? "llama" : null)
                .tensor(tensor, 0, 0, 2)
                .pad(32)
                .f32(value)
                .f32(-value);
    }

    private static GgufWriter head(int tensorsHere, int keys, int number, int count, int tensors,
            @Nullable String architecture) {
        var writer = GgufWriter.file(tensorsHere, keys);
        if (architecture != null) {
            writer.key("general.architecture", architecture);
        }
        return writer.key("split.no", 2)
                .u8(number & 255)
                .u8(number >> 8)
                .key("split.count", 2)
                .u8(count & 255)
                .u8(count >> 8)
                .key("split.tensors.count", 5)
                .u32(tensors);
    }

    private Path write(int number, int count, GgufWriter part) throws IOException {
        var name = "m-%05d-of-%05d.gguf".formatted(number + 1, count);
        return Files.write(folder.resolve(name), part.toByteArray());
    }

    /** Three parts, of which one is replaced. */
    private Path three(int replaced, GgufWriter by) throws IOException {
        for (int i = 2; i >= 0; i--) {
            write(i, 3, i == replaced ? by : part(i, 3, 3, "t" + i, i + 1));
        }
        return folder.resolve("m-00001-of-00003.gguf");
    }

    private void assertRefused(Path first, String... reasons) {
        assertThatThrownBy(() -> GgufFile.open(first)).isInstanceOf(GgufException.class)
                .hasMessageContainingAll(reasons);
    }

    @Test
    void tensorsOfAllPartsAreReadThroughTheFirst() throws IOException {
        var first = three(-1, new GgufWriter());
        try (var file = GgufFile.open(first)) {
            assertThat(file.tensors()).extracting(TensorInfo::name).containsExactly("t0", "t1", "t2");
            for (int i = 0; i < 3; i++) {
                var tensor = file.requireTensor("t" + i);
                assertThat(tensor.part()).isEqualTo(i);
                assertThat(file.data(tensor).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(i + 1, -i - 1);
            }
            assertThat(file.metadata().requireString("general.architecture")).isEqualTo("llama");
            assertThat(file.path()).isEqualTo(first);
            assertThat(file.paths()).extracting(path -> path.getFileName().toString())
                    .containsExactly("m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf");
            assertThat(file.requireTensor("t2").describe()).endsWith("of part 3");
        }
    }

    @Test
    void aFirstPartWithoutTensorsIsFine() throws IOException {
        write(1, 2, part(1, 2, 1, "t", 7));
        try (var file = GgufFile.open(write(0, 2, head(0, 4, 0, 2, 1, "llama")))) {
            assertThat(file.tensors()).extracting(TensorInfo::name).containsExactly("t");
        }
    }

    @Test
    void aCountOfOneIsAWholeModelOfAnyName() throws IOException {
        var path = Files.write(folder.resolve("any.gguf"), part(0, 1, 1, "t", 1).toByteArray());
        try (var file = GgufFile.open(path)) {
            assertThat(file.paths()).containsExactly(path);
        }
    }

    @Test
    void everyPartIsUnmappedOnClose() throws IOException {
        var file = GgufFile.open(three(-1, new GgufWriter()));
        var data = file.data(file.requireTensor("t2"));
        file.close();
        assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        var first = three(-1, new GgufWriter());
        Files.delete(folder.resolve("m-00002-of-00003.gguf"));
        assertRefused(first, "part 2 of 3 is missing", "m-00002-of-00003.gguf");
    }

    @Test
    void aLaterPartTellsWhichOneToOpen() throws IOException {
        three(-1, new GgufWriter());
        assertRefused(folder.resolve("m-00002-of-00003.gguf"), "this is part 2 of 3", "-00001-of-00003.gguf");
    }

    @Test
    void aNameThatHidesTheOtherPartsIsRefused() throws IOException {
        var renamed = Files.move(three(-1, new GgufWriter()), folder.resolve("model.gguf"));
        assertRefused(renamed, "its name should end in -00001-of-00003.gguf", "not model.gguf");
        var wrongCount = Files.move(renamed, folder.resolve("m-00001-of-00004.gguf"));
        assertRefused(wrongCount, "its name should end in -00001-of-00003.gguf");
    }

    @Test
    void aForeignPartIsRefused() throws IOException {
        assertRefused(three(1, part(2, 3, 3, "t1", 2)), "m-00002-of-00003.gguf", "split.no", "should be 1");
        assertRefused(three(1, part(1, 4, 3, "t1", 2)), "m-00002-of-00003.gguf", "split.count", "should be 3");
        assertRefused(three(2, part(2, 3, 9, "t2", 2)), "m-00003-of-00003.gguf", "split.tensors.count", "should be 3");
        assertRefused(three(1, head(0, 4, 1, 3, 3, "gpt2")), "m-00002-of-00003.gguf", "another model");
        assertRefused(three(1, GgufWriter.file(1, 0).tensor("t1", 0, 0, 1).pad(32).f32(1)), "m-00002-of-00003.gguf",
                "split.no is missing");
    }

    @Test
    void aPartThatIsNoGgufFileIsNamed() throws IOException {
        assertRefused(three(2, new GgufWriter()), "m-00003-of-00003.gguf", "ends inside the magic number");
        assertRefused(three(2, head(1, 3, 2, 3, 3, null).tensor("t2", 0, 64, 2).pad(32).f32(1)),
                "m-00003-of-00003.gguf", "lies outside the file");
    }

    @Test
    void aTensorOfTwoPartsOrTooFewTensorsAreRefused() throws IOException {
        assertRefused(three(1, part(1, 3, 3, "t0", 2)), "m-00002-of-00003.gguf", "tensor t0 occurs in an earlier part");
        assertRefused(three(1, head(0, 3, 1, 3, 3, null)), "split.tensors.count", "the 2 tensors of all parts");
    }

    @Test
    void aCountBeyondReasonIsRefusedBeforeAnyPartIsLookedFor() throws IOException {
        assertRefused(write(0, 60000, part(0, 60000, 3, "t0", 1)), "split.count", "should be from 1 to 1024");
        var negative = GgufWriter.file(0, 1).key("split.count", 5).u32(-2);
        assertRefused(Files.write(folder.resolve("negative.gguf"), negative.toByteArray()), "should be from 1 to 1024");
    }

    @Test
    void flippedBytesOfAnyPartAreRefusedOrReadButNeverFailOtherwise() throws IOException {
        var random = new SplittableRandom(5);
        for (int round = 0; round < 600; round++) {
            int changed = random.nextInt(3);
            var right = part(changed, 3, 3, "t" + changed, 1).toByteArray();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                right[random.nextInt(right.length)] = (byte) random.nextInt(256);
            }
            var first = three(changed, new GgufWriter().bytes(right));
            var thrown = catchThrowable(() -> {
                try (var file = GgufFile.open(first)) {
                    for (var tensor : file.tensors()) {
                        assertThat(file.data(tensor).byteSize()).isEqualTo(tensor.bytes());
                    }
                }
            });
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(GgufException.class);
            }
        }
    }
}
