package io.trayb.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A key as its holder has it: {@code traybkey_ID_SECRETsum}. Immutable; a secret, which {@link #toString} doesn't tell.
 *
 * <ul>
 *   <li>the prefix is what secret scanners look for, see {@link #FORM};
 *   <li>the id, 12 characters, is public: it leads to what is kept of the key;
 *   <li>the secret is 256 random bits in 43 characters (base 62);
 *   <li>the last 6 characters are the CRC-32 of all that goes before, so that a key that was mistyped, cut off or made up is
 *       told from one that nobody knows without asking anybody.
 * </ul>
 */
public final class KeyText {
    /** What every key looks like and, as good as surely, nothing else does. */
    public static final Pattern FORM = Pattern.compile("traybkey_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}");

    /** A key, and one that was mistyped or cut off, of which too much is left to be shown. */
    private static final Pattern TRACE = Pattern.compile("traybkey_[0-9A-Za-z_]{20,}");

    private static final String PREFIX = "traybkey_";
    private static final int ID_LENGTH = 12;
    private static final int SECRET_LENGTH = 43;
    private static final int SUM_LENGTH = 6;
    private static final int SECRET_BITS = 256;
    private static final int LENGTH = PREFIX.length() + ID_LENGTH + 1 + SECRET_LENGTH + SUM_LENGTH;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

    private final String text;

    private KeyText(String text) {
        this.text = text;
    }

    /**
     * A new one.
     *
     * @param random must be cryptographically strong
     */
    public static KeyText generate(RandomGenerator random) {
        StringBuilder text = new StringBuilder(LENGTH).append(PREFIX);
        for (int i = 0; i < ID_LENGTH; i++) {
            text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        byte[] secret = new byte[SECRET_BITS / 8];
        random.nextBytes(secret);
        text.append('_').append(base62(new BigInteger(1, secret), SECRET_LENGTH));
        return new KeyText(text.append(sum(text.toString())).toString());
    }

    /** Reads one; empty if no key can look like that. Costs next to nothing and asks nobody. */
    public static Optional<KeyText> parse(String text) {
        if (text.length() != LENGTH || !FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        int sumAt = LENGTH - SUM_LENGTH;
        return text.endsWith(sum(text.substring(0, sumAt))) ? Optional.of(new KeyText(text)) : Optional.empty();
    }

    /** Whether there is a key in a text, or most of one. */
    public static boolean isIn(String text) {
        return text.contains(PREFIX) && TRACE.matcher(text).find();
    }

    /** A text without the keys in it, and without what most of one is left of. */
    public static String hiddenIn(String text) {
        // Each line of the log comes by here, and nearly none has one.
        return text.contains(PREFIX) ? TRACE.matcher(text).replaceAll(PREFIX + "…") : text;
    }

    /** The public part. */
    public String id() {
        return text.substring(PREFIX.length(), PREFIX.length() + ID_LENGTH);
    }

    /** All of it, to be shown once to whoever asked for the key. */
    public String reveal() {
        return text;
    }

    /** What is kept of it: SHA-256 over the salt and the text. Why that suffices: decision 0018. */
    public byte[] hash(byte[] salt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(text.getBytes(US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyText key
                && MessageDigest.isEqual(text.getBytes(US_ASCII), key.text.getBytes(US_ASCII));
    }

    @Override
    public int hashCode() {
        return Objects.hash(id());
    }

    @Override
    public String toString() {
        return PREFIX + id() + "_…";
    }

    private static String sum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(US_ASCII));
        return base62(BigInteger.valueOf(crc.getValue()), SUM_LENGTH);
    }

    private static String base62(BigInteger number, int length) {
        char[] digits = new char[length];
        BigInteger rest = number;
        for (int i = length - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            digits[i] = DIGITS.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(digits);
    }
}
