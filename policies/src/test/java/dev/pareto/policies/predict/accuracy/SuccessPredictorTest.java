package dev.pareto.policies.predict.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SuccessPredictorTest {

    private static final List<String> MODELS = List.of("a/strong", "b/weak");
    private static final String[] FILLER = {"please tell me", "i would like to know", "in a few words",
            "for my homework", "quickly"};

    /** Weak fails on matrices, both succeed on greetings, both fail on riddles. */
    private static List<Example> examples(int count, long seed) {
        Random random = new Random(seed);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(3);
            String about = switch (kind) {
                case 0 -> "the determinant of this matrix";
                case 1 -> "hello and good morning to you";
                default -> "an ancient riddle of sphinxes";
            };
            double noise = random.nextDouble() < 0.1 ? 1 : 0;
            double strong = Math.abs((kind == 2 ? 0 : 1) - noise);
            double weak = Math.abs((kind == 1 ? 1 : 0) - noise);
            examples.add(new Example(FILLER[random.nextInt(5)] + " " + about + " " + random.nextInt(1000),
                    "kind_" + kind, strong,
                    weak));
        }
        return examples;
    }

    private static SuccessPredictor trained(int count) {
        return SuccessPredictor.train(examples(count, 1), MODELS, 1).predictor();
    }

    private static double gap(SuccessPredictor predictor, String prompt) {
        List<Prediction> predictions = predictor.predict(prompt, null);
        return predictions.get(0).probability() - predictions.get(1).probability();
    }

    @Test
    void thePromptsThatOnlyTheStrongModelSolvesAreTold() {
        SuccessPredictor predictor = trained(300);
        double matrix = gap(predictor, "please tell me the determinant of this matrix 12");
        assertThat(matrix).isGreaterThan(0.5);
        assertThat(gap(predictor, "please tell me hello and good morning to you 12")).isLessThan(0.3);
        assertThat(gap(predictor, "please tell me an ancient riddle of sphinxes 12")).isLessThan(0.3);
    }

    @Test
    void probabilitiesAreCalibratedOnNewPrompts() {
        SuccessPredictor predictor = trained(400);
        double said = 0;
        double was = 0;
        for (Example example : examples(1000, 2)) {
            said += predictor.predict(example.prompt(), example.segment()).get(1).probability();
            was += example.scores()[1];
        }
        assertThat(said / 1000).isCloseTo(was / 1000, within(0.05));
    }

    @Test
    void fewerLabelsLeaveMoreDoubt() {
        double few = 0;
        double many = 0;
        SuccessPredictor small = trained(40);
        SuccessPredictor large = trained(600);
        for (Example example : examples(50, 3)) {
            few += small.predict(example.prompt(), null).get(1).deviation();
            many += large.predict(example.prompt(), null).get(1).deviation();
        }
        assertThat(many).isLessThan(few);
        Prediction one = small.predict("hello", null).getFirst();
        assertThat(one.low()).isLessThanOrEqualTo(one.probability());
        assertThat(one.labels()).isEqualTo(40);
    }

    @Test
    void theDecidingWordIsNamed() {
        SuccessPredictor predictor = trained(300);
        List<Influence> influences = predictor.explain("hello and good morning", null, "b/weak", 12);
        assertThat(influences).hasSizeLessThanOrEqualTo(12).isNotEmpty();
        assertThat(influences.stream().filter(influence -> influence.effect() > 0).map(Influence::feature))
                .anyMatch(feature -> feature.matches(".*(hello|good|morning).*"));
        assertThatIllegalArgumentException().isThrownBy(() -> predictor.explain("x", null, "c/other", 3));
    }

    @Test
    void anExportPredictsTheSameAndHoldsNoPrompt() {
        SuccessPredictor predictor = trained(120);
        String exported = PredictorJson.write(predictor);
        SuccessPredictor again = PredictorJson.readPredictor(exported);

        for (Example example : examples(30, 4)) {
            assertThat(again.predict(example.prompt(), example.segment()))
                    .isEqualTo(predictor.predict(example.prompt(), example.segment()));
        }
        assertThat(exported).doesNotContain("determinant", "sphinxes");
        assertThat(PredictorJson.version(exported)).hasSize(16)
                .isEqualTo(PredictorJson.version(PredictorJson.write(again)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[", "{\"kind\":\"success-predictor\",\"format\":3}",
            "{\"kind\":\"success-predictor\",\"format\":3,\"models\":[\"a\"],\"labels\":[3],\"space\":{\"hashes\":\"!\"}}"})
    void aDamagedExportIsRefused(String exported) {
        assertThatIllegalArgumentException().isThrownBy(() -> PredictorJson.readPredictor(exported));
    }

    @Test
    void theSameLabelsAndSeedGiveTheSamePredictor() {
        assertThat(PredictorJson.write(trained(60))).isEqualTo(PredictorJson.write(trained(60)));
    }

    @Test
    void constantAndMissingLabelsAreNoTrouble() {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            examples.add(new Example("prompt number " + i, null, 1, i % 2 == 0 ? Double.NaN : 0.5));
        }
        List<Prediction> predictions = SuccessPredictor.train(examples, MODELS, 1)
                .predictor()
                .predict("prompt number 7", "new");
        assertThat(predictions.get(0).probability()).isGreaterThan(0.9);
        assertThat(predictions.get(1).probability()).isCloseTo(0.5, within(0.1));
        assertThat(predictions.get(1).labels()).isEqualTo(30);
    }

    @Test
    void tooFewPromptsAreRefusedWithTheNumberNeeded() {
        List<Example> repeated = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            repeated.add(new Example("the same", null, 1, 0));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> SuccessPredictor.train(repeated, MODELS, 1))
                .withMessageContaining("at least 20 different");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0000\ud800 broken", "日本語の質問です。", "🙂🙂🙂", "ÀÉÎõü straße İ",
            "1e999 0x1F 1,2,3,,4.5.6"})
    void anyTextIsPredicted(String prompt) {
        for (Prediction prediction : trained(40).predict(prompt, prompt)) {
            assertThat(prediction.probability()).isBetween(0.0, 1.0);
            assertThat(prediction.deviation()).isNotNaN();
        }
    }

    @Test
    void hugeTextsAreReadAtTheirEndsAlone() {
        String huge = "word ".repeat(2_000_000);
        EncodedText text = new EncodedText();
        text.read(huge);
        assertThat(text.distinct).isLessThan(100);
        StringBuilder varied = new StringBuilder();
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            varied.append(random.nextInt(7) == 0 ? ' ' : (char) ('a' + random.nextInt(26)));
        }
        text.read(varied.toString());
        assertThat(text.distinct).isBetween(1000, EncodedText.READ_CHARACTERS);
    }

    @Test
    void aWarmPredictionAllocatesNothing() {
        SuccessPredictor predictor = trained(80);
        SuccessPredictor.Workspace workspace = predictor.workspace();
        String prompt = examples(1, 9).getFirst().prompt();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 3000; i++) {
            predictor.predict(prompt, "kind_1", workspace);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            predictor.predict(prompt, "kind_1", workspace);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes / 1000).as("bytes a prediction").isLessThan(64);
    }
}
