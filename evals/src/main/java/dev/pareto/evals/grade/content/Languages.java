package dev.pareto.evals.grade.content;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Tells the language of a text by its script, and among languages that share one by their commonest words and letters.
 * Deterministic and without a model; meant for answers of a sentence or more.
 */
public final class Languages {

    private static final int MAX_CODE_POINTS = 50_000;
    private static final Pattern NOT_LETTER = Pattern.compile("[^\\p{L}\\p{M}'’]+");
    private static final Map<Character.UnicodeScript, String> ONE_LANGUAGE = Map.ofEntries(
            Map.entry(Character.UnicodeScript.HANGUL, "ko"), Map.entry(Character.UnicodeScript.THAI, "th"),
            Map.entry(Character.UnicodeScript.HEBREW, "he"), Map.entry(Character.UnicodeScript.GREEK, "el"),
            Map.entry(Character.UnicodeScript.BENGALI, "bn"), Map.entry(Character.UnicodeScript.GUJARATI, "gu"),
            Map.entry(Character.UnicodeScript.GURMUKHI, "pa"), Map.entry(Character.UnicodeScript.TAMIL, "ta"),
            Map.entry(Character.UnicodeScript.TELUGU, "te"), Map.entry(Character.UnicodeScript.KANNADA, "kn"),
            Map.entry(Character.UnicodeScript.MALAYALAM, "ml"), Map.entry(Character.UnicodeScript.HIRAGANA, "ja"),
            Map.entry(Character.UnicodeScript.KATAKANA, "ja"), Map.entry(Character.UnicodeScript.GEORGIAN, "ka"),
            Map.entry(Character.UnicodeScript.ARMENIAN, "hy"), Map.entry(Character.UnicodeScript.SINHALA, "si"));
    private static final Map<String, Set<String>> LATIN = words(
            """
            en a an too me get got him go did just the of and to in is that it for was with as his he be at on by i this had not are but from or have an they which you were her she there would their we him been has when who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over me even most made after also did many before must through your how all one should each just those where well because does here why very don't it's i'm
            de der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich du wir ihr
            fr le la les de des du et à un une est en que qui dans pour pas au sur ne se ce il elle je vous nous par plus avec son sa ses mais comme ou si leur y dont été être aux d'un c'est cette très bien fait tout
            es el la los las de del y a en que es un una por con no se su para como más o pero sus le ya lo este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante ser fue son está tiene
            it il lo la gli le di del della dei e è un una in che per non con si da al come più anche ma sono ha alla nel dal ci questo questa essere ho hai o se su tra loro io mi ti nella degli
            pt o a os as de do da dos das e em que um uma para com não no na por mais se como mas foi ao ele sua seu ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era você são
            nl de het een en van in is dat op te zijn voor met die niet aan er om ook als bij maar uit dan wel nog naar heeft hij ik je ze wij deze dit worden door over
            sv och i att det som en på är av för med den till inte om ett han men var jag från så kan när har vi nu ska du sig eller hade
            da og i at det er en til af på for med den der de ikke som et han har jeg fra vi var men så kan skal eller efter om sig
            fi ja on ei se että hän oli joka mutta kuin myös tai kun niin ovat sen ole voi minä sinä olla hyvin jos vain mitä tämä nyt siitä joita jotka kanssa sekä olen sinun
            pl i w na z że się nie do to jest o jak ale za co od po tak jego przez są dla być już tylko czy może oraz ten jej które który tego
            cs a se v na je že o s z do i to k ve pro za by ale si po jako jsou které byl jeho od být která nebo
            ro și în de la a cu pe care este nu un o din că pentru sau mai să dar au fost ce prin sunt al ai cel
            hu a az és hogy nem is egy ez de meg csak mint el volt már vagy ha még azt van ki mert
            tr ve bir bu da de için ile olarak çok daha olan gibi en ne o ama var sonra kadar değil ben sen her
            id yang dan di dari untuk dengan ini itu pada tidak dalam adalah akan ke juga saya oleh sebagai mereka atau kami dapat
            vi và của là có không một cho các được trong người những với để này đã tôi khi bạn từ đến như về ra làm cũng nhiều
            sw na ya wa kwa ni katika la za kuwa cha hii huu wao yake kama au lakini sana watu moja hiyo pia ili wakati zaidi mimi kutoka kila hivyo yangu ambayo ambao nini
            """);
    private static final Map<String, Set<String>> CYRILLIC = words(
            """
            ru и в не на что он с как это по но они к у ты из за вы так же от бы было для мы она был или если его есть только когда очень я все
            uk і в не на що з та до це як у за він від але вони для ми є про його так або був якщо та може її також
            bg и на в да се не от за е с че по като са до ще но това си ли или към той много има съм бъде които
            sr и у је да се на са за од не што су као то али који био ће или би
            """);
    private static final Map<String, Set<String>> DEVANAGARI = words(
            """
            hi है के की में और से को का हैं एक यह पर नहीं कि था भी इस लिए हो कर ने तो वह मैं आप या जो साथ
            mr आहे आणि च्या मध्ये आहेत एक हे ते या नाही केले तो ती असे होते मी तुम्ही पण व किंवा त्या करण्यासाठी
            ne छ र मा को गर्न छन् यो हो लाई भएको एक पनि गर्ने तथा थियो म तपाईं हुन् हरू गरेको छैन वा भने
            """);
    private static final Map<String, Set<String>> ARABIC = words(
            """
            ar في من على إلى أن التي هذا عن مع ما هو كان لا هذه الذي أو كل بين ذلك قد وقد هي ثم
            fa در به از که این است را با برای آن می یک خود تا بر های کرد شده هم و ما شما یا
            ur کے میں کی ہے اور سے کا کو پر نے ہیں کہ یہ ایک اس بھی نہیں تھا لیے ہو گیا جو آپ
            """);

    private Languages() {}

    /** ISO 639-1 code of the text's language; null when nothing in it tells. */
    public static @Nullable String detect(String text) {
        Map<Character.UnicodeScript, Integer> scripts = new EnumMap<>(Character.UnicodeScript.class);
        text.codePoints()
                .limit(MAX_CODE_POINTS)
                .filter(Character::isLetter)
                .forEach(
                        letter -> scripts.merge(Character.UnicodeScript.of(letter), 1, Integer::sum));
        if (scripts.isEmpty()) {
            return null;
        }
        Character.UnicodeScript script = Collections.max(scripts.entrySet(), Map.Entry.comparingByValue()).getKey();
        String only = ONE_LANGUAGE.get(script);
        if (only != null) {
            return only;
        }
        return switch (script) {
            case HAN -> scripts.containsKey(Character.UnicodeScript.HIRAGANA) ? "ja" : "zh";
            case LATIN -> commonest(text, LATIN);
            case CYRILLIC -> commonest(text, CYRILLIC);
            case DEVANAGARI -> commonest(text, DEVANAGARI);
            case ARABIC -> commonest(text, ARABIC);
            default -> null;
        };
    }

    /** The language most of whose common words occur, English where several tie; null when none does. */
    private static @Nullable String commonest(String text, Map<String, Set<String>> languages) {
        Map<String, Integer> hits = new TreeMap<>();
        String start = text.length() > MAX_CODE_POINTS ? text.substring(0, MAX_CODE_POINTS) : text;
        NOT_LETTER.splitAsStream(start.toLowerCase(Locale.ROOT).replace('’', '\''))
                .forEach(
                        word -> languages.forEach((language, common) -> {
                            if (common.contains(word)) {
                                hits.merge(language, 1, Integer::sum);
                            }
                        }));
        if (hits.isEmpty()) {
            return null;
        }
        int most = Collections.max(hits.values());
        return hits.getOrDefault("en", 0) == most
                ? "en"
                : Collections.max(hits.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    private static Map<String, Set<String>> words(String lines) {
        Map<String, Set<String>> languages = new TreeMap<>();
        lines.lines().filter(line -> !line.isBlank()).forEach(line -> {
            String[] words = line.strip().split(" ", -1);
            languages.put(words[0], Set.copyOf(Arrays.asList(words)
                    .subList(1, words.length)
                    .stream()
                    .distinct()
                    .toList()));
        });
        return Collections.unmodifiableMap(languages);
    }
}
