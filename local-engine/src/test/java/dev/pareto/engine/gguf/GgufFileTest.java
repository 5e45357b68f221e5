package dev.pareto.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GgufFileTest {

    @TempDir
    Path folder;

    private GgufFile open(GgufWriter writer) throws IOException {
        return GgufFile.open(Files.write(folder.resolve("test.gguf"), writer.toByteArray()));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void tensorsAreViewsOfTheMapAtTheirAlignedOffsets(int version) throws IOException {
        var writer = GgufWriter.version(version).u64(2).u64(0).tensor("a", 0, 0, 2).tensor("b", 0, 32, 3, 1).pad(32);
        long start = writer.size();
        writer.f32(1).f32(2).pad(32).f32(3).f32(4).f32(5);
        try (var file = open(writer)) {
            assertThat(file.version()).isEqualTo(version);
            assertThat(file.tensors()).extracting(TensorInfo::name).containsExactly("a", "b");
            assertThat(file.requireTensor("b"))
                    .isEqualTo(new TensorInfo("b", List.of(3L, 1L), WeightType.F32, start + 32, 12));
            assertThat(file.data(file.requireTensor("b")).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(3,
                    4, 5);
            assertThat(file.findTensor("c")).isNull();
            assertThatThrownBy(() -> file.requireTensor("c")).isInstanceOf(GgufException.class)
                    .hasMessage("GGUF: tensor c is missing");
        }
    }

    @Test
    void theWeightsCannotBeWrittenNorReadAfterClose() throws IOException {
        var file = open(GgufWriter.file(1, 0).tensor("a", 0, 0, 2).pad(32).f32(1).f32(2));
        var data = file.data(file.requireTensor("a"));
        assertThat(data.isReadOnly()).isTrue();
        file.close();
        file.close();
        assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMissingFileIsAnIoException() {
        assertThatThrownBy(() -> GgufFile.open(folder.resolve("none.gguf"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void valuesOfEveryTypeAreReadAsTheyAre() throws IOException {
        try (var file = open(GgufWriter.file(0, 12)
                .key("u8", 0)
                .u8(200)
                .key("i8", 1)
                .u8(200)
                .key("u16", 2)
                .u8(255)
                .u8(255)
                .key("i16", 3)
                .u8(255)
                .u8(255)
                .uint32("u32", -1)
                .key("i32", 5)
                .u32(-1)
                .float32("f32", 1.5f)
                .key("yes", 7)
                .u8(1)
                .key("u64", 10)
                .u64(-1)
                .key("i64", 11)
                .u64(-1)
                .key("f64", 12)
                .u64(Double.doubleToLongBits(2.5))
                .key("text", "grüße"))) {
            var metadata = file.metadata();
            assertThat(metadata.requireInt("u8")).isEqualTo(200);
            assertThat(metadata.requireInt("i8")).isEqualTo(-56);
            assertThat(metadata.requireInt("u16")).isEqualTo(65535);
            assertThat(metadata.requireInt("i16")).isEqualTo(-1);
            assertThat(metadata.requireLong("u32")).isEqualTo(4294967295L);
            assertThat(metadata.requireInt("i32")).isEqualTo(-1);
            assertThat(metadata.requireFloat("f32")).isEqualTo(1.5f);
            assertThat(metadata.requireBool("yes")).isTrue();
            assertThat(metadata.requireLong("i64")).isEqualTo(-1);
            assertThat(metadata.requireFloat("f64")).isEqualTo(2.5f);
            assertThat(metadata.requireString("text")).isEqualTo("grüße");
            assertThatThrownBy(() -> metadata.requireInt("u32")).isInstanceOf(GgufException.class)
                    .hasMessageContaining("u32 should be an integer of 32 bits, found UINT32 4294967295");
            assertThatThrownBy(() -> metadata.requireLong("u64")).isInstanceOf(GgufException.class)
                    .hasMessageContaining("found UINT64 18446744073709551615");
        }
    }

    @Test
    void arraysAreReadAsTheyAre() throws IOException {
        try (var file = open(GgufWriter.file(0, 4)
                .strings("texts", List.of("", "a", "ß", "bc"))
                .key("floats", 9)
                .u32(6)
                .u64(2)
                .f32(1)
                .f32(-2)
                .key("bytes", 9)
                .u32(1)
                .u64(2)
                .u8(1)
                .u8(255)
                .key("longs", 9)
                .u32(10)
                .u64(1)
                .u64(1L << 33))) {
            var metadata = file.metadata();
            assertThat(metadata.requireStrings("texts")).containsExactly("", "a", "ß", "bc");
            assertThat(metadata.requireFloats("floats")).containsExactly(1, -2);
            assertThat(metadata.requireInts("bytes")).containsExactly(1, -1);
            assertThat(metadata.isArray("bytes")).isTrue();
            assertThatThrownBy(() -> metadata.requireInts("longs")).isInstanceOf(GgufException.class)
                    .hasMessageContaining("element 0 is larger");
            assertThatThrownBy(() -> metadata.requireFloats("bytes")).isInstanceOf(GgufException.class)
                    .hasMessageContaining("should be an ARRAY of FLOAT32, found ARRAY of 2 INT8");
        }
    }

    @Test
    void aMissingKeyIsNamedAndADefaultStandsInForItButNotForAWrongType() throws IOException {
        try (var file = open(GgufWriter.file(0, 1).uint32("a", 1))) {
            var metadata = file.metadata();
            assertThat(metadata.findInt("b", 7)).isEqualTo(7);
            assertThat(metadata.findString("b")).isNull();
            assertThat(metadata.findFloats("b")).isNull();
            assertThatThrownBy(() -> metadata.requireString("b"))
                    .hasMessage("GGUF: metadata key b is missing; it should be a STRING");
            assertThatThrownBy(() -> metadata.findString("a"))
                    .hasMessage("GGUF, byte 37: metadata key a should be a STRING, found UINT32 1");
        }
    }

    @Test
    void aVocabularyOfAQuarterMillionTokensIsReadLeanly() throws IOException {
        var tokens = IntStream.range(0, 260_000).mapToObj(i -> "token-" + i).toList();
        try (var file = open(GgufWriter.file(0, 1).strings("tokens", tokens))) {
            assertThat(file.metadata().requireStrings("tokens")).isEqualTo(tokens);
        }
    }

    @Test
    void everyTypeOfGgmlIsKnownByIdAndName() {
        assertThat(WeightType.find(16)).isEqualTo(WeightType.IQ2_XXS);
        assertThat(WeightType.find(4)).isNull();
        assertThat(WeightType.find(-1)).isNull();
        assertThat(WeightType.Q4_K.bytes(512)).isEqualTo(288);
        assertThatThrownBy(() -> WeightType.Q4_K.bytes(100)).isInstanceOf(IllegalArgumentException.class);
    }
}
