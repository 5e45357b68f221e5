package dev.pareto.evals.suite.sample;

import java.nio.charset.StandardCharsets;
import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

import dev.pareto.policies.catalog.Secret;

/**
 * The key under which samples rest: 32 random bytes, as base64 or hex, e.g. of {@code openssl rand -base64 32}. Each file is encrypted
 * under a key of its own, derived with HKDF-SHA256 (RFC 5869) from this one and the file's salt.
 */
public final class SampleKey {

    private static final int BYTES = 32;
    private static final byte[] INFO = "pareto samples v1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] material;

    private SampleKey(byte[] material) {
        this.material = material;
    }

    /** @throws IllegalArgumentException when it is not 32 bytes; the message does not show it */
    public static SampleKey of(Secret secret) {
        String text = secret.reveal().strip();
        byte[] bytes;
        try {
            bytes = text.length() == 2 * BYTES ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("the samples' key is not 32 bytes in base64 or hex; make one with"
                    + " 'openssl rand -base64 32'");
        }
        return new SampleKey(bytes);
    }

    SecretKey derived(byte[] salt) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey("AES",
                            HKDFParameterSpec.ofExtract().addIKM(material).addSalt(salt).thenExpand(INFO, BYTES));
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("this Java has no HKDF-SHA256", e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
