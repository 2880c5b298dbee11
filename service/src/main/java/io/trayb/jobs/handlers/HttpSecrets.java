package io.trayb.jobs.handlers;

import io.trayb.jobs.JobFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that the headers of a call name instead of carrying them, so that they are in no payload, list, event or backup: {@code
 * ${secret:NAME}} is what the file {@code HOST/NAME} holds in the operator's folder. A secret belongs to a host, and goes nowhere
 * else: whoever may submit jobs can use it there, and can't have it sent to a server of their own. Read at each call, so that a
 * new one counts at once. Thread-safe.
 */
public final class HttpSecrets {
    /** As in a header; longer ones are no secrets but a mistake in the folder. */
    private static final int MAX_BYTES = 8 * 1024;

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{secret:([^}]*)\\}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern HOST = Pattern.compile("[a-z0-9][a-z0-9.:-]*");
    private static final String MASK = "***";

    private final @Nullable Path folder;

    private HttpSecrets(@Nullable Path folder) {
        this.folder = folder;
    }

    /** None at all: every reference is refused. */
    public static HttpSecrets none() {
        return new HttpSecrets(null);
    }

    /** Those in a folder, which is looked into at each call. */
    public static HttpSecrets in(Path folder) {
        return new HttpSecrets(folder);
    }

    /** Whether a header's value names a secret. */
    static boolean isNamedIn(String value) {
        return REFERENCE.matcher(value).find();
    }

    /**
     * A header's value with the secrets in it.
     *
     * @param header for messages; none of them repeats a secret
     * @param used takes each secret, to be {@linkplain #masked masked} in what comes back
     * @throws JobFailure if there is no such secret for this host, or it can't be read now
     */
    String filled(String header, String value, String host, Collection<String> used) throws JobFailure {
        Matcher reference = REFERENCE.matcher(value);
        StringBuilder filled = new StringBuilder();
        while (reference.find()) {
            String secret = read(header, reference.group(1), host);
            used.add(secret);
            reference.appendReplacement(filled, Matcher.quoteReplacement(secret));
        }
        return reference.appendTail(filled).toString();
    }

    /** A text without what was used: a server may send back what it was sent. */
    static String masked(String text, Collection<String> used) {
        String masked = text;
        // One may begin like another.
        for (String secret : longestFirst(used)) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    /** The same for a text that was cut off, be it amid a secret. */
    static String maskedHead(String text, Collection<String> used) {
        String masked = masked(text, used);
        int cut = used.stream()
                .mapToInt(secret -> begunAtEnd(masked, secret))
                .max()
                .orElse(0);
        return cut == 0 ? masked : masked.substring(0, masked.length() - cut) + MASK;
    }

    /** A failure without what was used, and so without its cause, which has a text of its own. */
    static JobFailure masked(JobFailure failure, Collection<String> used) {
        if (used.isEmpty()) {
            return failure;
        }
        String message = masked(String.valueOf(failure.getMessage()), used);
        return failure.isPermanent() ? JobFailure.permanent(message) : JobFailure.retry(message);
    }

    private static List<String> longestFirst(Collection<String> used) {
        return used.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** How many characters of a secret, and not all, a text ends with. */
    private static int begunAtEnd(String text, String secret) {
        int length = Math.min(secret.length() - 1, text.length());
        while (length > 0 && !text.endsWith(secret.substring(0, length))) {
            length--;
        }
        return length;
    }

    private String read(String header, String name, String host) throws JobFailure {
        String place = place(host);
        if (folder == null
                || !NAME.matcher(name).matches()
                || !HOST.matcher(place).matches()) {
            throw unknown(header, name, host);
        }
        byte[] bytes;
        try (InputStream file = Files.newInputStream(folder.resolve(place).resolve(name))) {
            bytes = file.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw unknown(header, name, host);
        } catch (IOException e) {
            // Without the cause: what is wrong with the operator's folder is nothing for the job's readers.
            throw JobFailure.retry("the secret '" + name + "' in header '" + header + "' can't be read");
        }
        String secret = new String(bytes, StandardCharsets.UTF_8).strip();
        if (secret.isEmpty() || bytes.length > MAX_BYTES || !HttpHeaders.isValue(secret)) {
            throw JobFailure.permanent("the secret '" + name + "' in header '" + header + "' must be one line of 1 to "
                    + MAX_BYTES + " visible ASCII characters");
        }
        return secret;
    }

    private static String place(String host) {
        String bare = AddressRange.unbracketed(host.toLowerCase(Locale.ROOT));
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private static JobFailure unknown(String header, String name, String host) {
        return JobFailure.permanent("payload.headers has the secret '" + name + "' in '" + header
                + "', but the operator has put none of that name there for host '" + host
                + "' (HTTP_JOB_SECRETS, jobs.httpSecrets)");
    }
}
