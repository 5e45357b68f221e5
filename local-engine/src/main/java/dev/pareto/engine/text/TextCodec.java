package dev.pareto.engine.text;

/** The part of a tokenizer that knows plain text: everything between special tokens. */
sealed interface TextCodec
        permits SentencePieceCodec, UnigramCodec, ByteLevelCodec, CharacterPairCodec, WordPieceCodec {

    /** What keeps its scratch space over the pieces of one call; not safe to share. */
    interface Encoder {

        /**
         * Adds the tokens of a range.
         *
         * @param first whether the range starts the text or follows a special token
         */
        void encode(String text, int from, int to, boolean first, Ints out);
    }

    Encoder encoder();

    /** The bytes of a token that is not a control token. Not to be changed. */
    byte[] bytes(int token);

    /** Whether encoding puts a space in front, which decoding takes off again. */
    boolean addsSpacePrefix();
}
