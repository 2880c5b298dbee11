package io.trayb.jobs.handlers;

import io.trayb.jobs.JobFailure;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a call's headers may be. What says where a request ends, whose it is or what becomes of the connection is the client's own:
 * with such headers a payload could put a second request into the first one, or reach a virtual host that nobody has allowed.
 */
final class HttpHeaders {
    private static final int MOST = 100;
    private static final int LONGEST = 8 * 1024;
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");
    private static final Set<String> RESERVED = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private HttpHeaders() {}

    /** @throws JobFailure naming the header, if one can't be sent */
    static Map<String, String> checked(Map<String, String> headers) throws JobFailure {
        if (headers.size() > MOST) {
            throw JobFailure.permanent("payload.headers has " + headers.size() + ", but may have at most " + MOST);
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = header.getKey();
            if (!NAME.matcher(name).matches()) {
                throw JobFailure.permanent(
                        "payload.headers has a name that no header can have: 1 to 100 letters, digits"
                                + " and !#$%&'*+.^_`|~- are allowed");
            }
            if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                throw JobFailure.permanent("payload.headers has '" + name + "', which the call sets itself");
            }
            // A map's values may be null, whatever their type says.
            if (header.getValue() == null || !isValue(header.getValue())) {
                throw JobFailure.permanent("payload.headers has a value for '" + name
                        + "' that must be text of at most " + LONGEST + " visible ASCII characters, spaces and tabs");
            }
        }
        return headers;
    }

    /** Whether it can stand in a header, and ends nowhere but at its end. */
    static boolean isValue(String text) {
        return text.length() <= LONGEST && VALUE.matcher(text).matches();
    }
}
