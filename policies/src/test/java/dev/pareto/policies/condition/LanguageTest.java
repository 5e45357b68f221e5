package dev.pareto.policies.condition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LanguageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                        en | What are the rules for this, and how do you apply them?
                        de | Wie kann ich meine Bestellung ändern, und ist das mit einer Gebühr verbunden oder nicht?
                        fr | Je voudrais savoir pour quelle raison vous avez annulé ma commande dans les deux cas.
                        es | Hola, no puedo entrar en la cuenta y tengo un pedido que todavía está pendiente, pero no sé qué hacer.
                        it | Non ho ricevuto il rimborso della carta; perché questo è il terzo messaggio che mando?
                        pt | Não recebi o meu pedido, você pode verificar onde está? Também são duas encomendas.
                        nl | Ik heb het pakket niet ontvangen en wil weten wat er met mijn bestelling van gisteren is gebeurd.
                        ja | 注文をキャンセルしたいのですが、どうすればいいですか
                        zh | 我想取消我的订单，请问该怎么办？
                        ko | 주문을 취소하고 싶은데 어떻게 해야 하나요?
                        el | Πώς μπορώ να ακυρώσω την παραγγελία μου;
                        he | איך אני יכול לבטל את ההזמנה שלי?
                        th | ฉันจะยกเลิกคำสั่งซื้อได้อย่างไร
                        """)
    void languagesAreToldByScriptAndByFrequentWords(String language, String text) {
        assertThat(Language.of(text)).isEqualTo(language);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            'hi'
                                            ''
                                            'SELECT id FROM t WHERE x = 3'
                                            'Как отменить мой заказ?'
                                            '12 + 30 = ?'
                                            'the Haus das and ist und are der'
                                            """)
    void whatCannotBeToldIsNotGuessed(String text) {
        assertThat(Language.of(text)).isEmpty();
    }
}
