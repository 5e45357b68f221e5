package dev.pareto.policies.predict.accuracy;

import java.util.List;

/** Words that say something of a task's kind, found by hash without making a string. Immutable. */
final class WordKinds {

    static final List<String> NAMES = List.of("negation", "comparison", "quantifier", "condition", "multiple", "time",
            "money",
            "number-word", "which-what", "why-how", "person", "sequence", "modal", "true-false", "code", "hedge",
            "refusal",
            "many-much", "law", "medicine", "history", "physics", "chemistry", "biology", "economy", "ethics",
            "psychology",
            "politics", "mathematics", "accounting", "machines");

    private static final List<String> WORDS = List.of(
            "not no never except least cannot neither nor without false incorrect",
            "more less fewer than most greater larger smaller higher lower older younger better longer faster difference compared",
            "each every all per total altogether any both combined sum average",
            "if unless when suppose assume given whether",
            "twice half third double triple quarter times thrice fourth fifth thirds quarters percent ratio multiple",
            "hour hours minute minutes day days week weeks month months year years second seconds daily weekly monday sunday"
                    + " saturday friday tomorrow yesterday",
            "cost costs price pay pays paid dollar dollars cents buy buys bought sell sells sold spend spent earn earns money"
                    + " profit salary discount tax",
            "one two three four five six seven eight nine ten dozen eleven twelve twenty thirty forty fifty hundred thousand",
            "which what who where",
            "why how explain describe discuss",
            "he she his her him they their them i my we our you your man woman boy girl mother father son daughter",
            "then after before first next remaining left later finally last initially already still rest",
            "would should could must may might likely best probably",
            "true false statement statements correct following",
            "def return function class int print output algorithm code array string list program compute import var const",
            "maybe perhaps approximately about roughly however wait possible sense unclear assuming apparently actually"
                    + " unfortunately mistake error typo",
            "sorry unable apologize apologise refuse inappropriate",
            "many much",
            "law court defendant plaintiff statute contract liable liability jury evidence constitutional property owner"
                    + " negligence attorney crime criminal guilty murder conviction claim suit sued appeal testify deed",
            "patient patients disease symptoms treatment diagnosis clinical blood pain drug medication hospital doctor infection"
                    + " cancer chronic therapy syndrome muscle nerve artery skin fever medical health",
            "century war king empire revolution ancient excerpt passage historical colonial treaty soviet roman dynasty slavery"
                    + " nineteenth civilization archaeological british french american",
            "velocity force mass energy electric magnetic field charge wave wavelength frequency voltage circuit current"
                    + " acceleration friction pressure temperature heat momentum particle light speed motion gravity",
            "molecule molecules acid base reaction ion ions atom atoms solution bond electron electrons compound mole molar"
                    + " oxidation equilibrium hydrogen oxygen carbon metal element",
            "cell cells gene genes dna rna protein proteins species organism population evolution selection plants animals membrane"
                    + " enzyme bacteria virus chromosome allele genetic",
            "demand supply market firm firms inflation monetary fiscal rate interest unemployment gdp economy economic consumer"
                    + " trade policy marketing customers management business",
            "moral morally ethical ethics wrong right virtue utilitarian kant argument fallacy logic premise conclusion"
                    + " philosophy belief god rational duty",
            "behavior behaviour cognitive child children therapist personality memory learning stress emotional development"
                    + " psychologist self anxiety depression social",
            "government state states president congress political election power international rights democracy party foreign"
                    + " security nations countries treaty united",
            "polynomial function matrix vector equation integer integers triangle circle angle prime probability graph group ring"
                    + " finite derivative integral theorem set random variable sample",
            "accounting assets asset audit auditor income cash stock bond bonds depreciation inventory financial investment"
                    + " revenue liabilities tax loan fund",
            "network server memory processor software cache encryption protocol data packet learning neural training compiler"
                    + " operating attack security database key bit bits");

    private static final int SIZE = 2048;
    private static final int[] HASHES = new int[SIZE];
    private static final byte[] KINDS = new byte[SIZE];

    static {
        for (int kind = 0; kind < WORDS.size(); kind++) {
            for (String word : WORDS.get(kind).split(" ", -1)) {
                int hash = 0;
                for (int i = 0; i < word.length(); i++) {
                    hash = Hashing.next(hash, word.charAt(i));
                }
                int at = Hashing.mix(hash) & (SIZE - 1);
                while (KINDS[at] != 0) {
                    at = (at + 1) & (SIZE - 1);
                }
                HASHES[at] = hash;
                KINDS[at] = (byte) (kind + 1);
            }
        }
    }

    private WordKinds() {}

    /** The kind of the word with this running hash of its lower-case characters, -1 for any other word. */
    static int of(int hash) {
        int at = Hashing.mix(hash) & (SIZE - 1);
        while (KINDS[at] != 0) {
            if (HASHES[at] == hash) {
                return KINDS[at] - 1;
            }
            at = (at + 1) & (SIZE - 1);
        }
        return -1;
    }
}
