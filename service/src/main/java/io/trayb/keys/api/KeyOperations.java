package io.trayb.keys.api;

import static io.trayb.openapi.Operation.describe;

import io.trayb.http.QueryParameters;
import io.trayb.keys.ApiKey;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.RateLimit;
import io.trayb.keys.Scope;
import io.trayb.openapi.ObjectSchema;
import io.trayb.openapi.Operation;
import io.trayb.openapi.RecordSchema;
import io.trayb.openapi.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls for keys, as the API's description has them. */
public final class KeyOperations {
    /** What these calls are about. */
    public static final String TAG = "keys";

    private static final Schema NAME = Schema.text(ApiKey.NAME);
    private static final Schema SCOPE =
            Schema.oneOf(Scope.wireNames(Set.of(Scope.values()))).named("Scope");

    private static final Schema KEY = RecordSchema.of(KeyView.class)
            .field("name", NAME, "What it is called. Never given to a second key.")
            .field("id", "The public part of its text, as it is in audits.")
            .field("key", "Its text, in the one answer that has it.")
            .field("scopes", Schema.list(SCOPE), "What it may be used for.")
            .field("queues", "The queues that it can see: `*`, one, or the beginning of names and a `*`.")
            .field("rate", "How many requests it may make, such as `100/s`; `null` for as many as it likes.")
            .field("createdAt", "When it was made.")
            .field("createdBy", "The name of the key that made it, or `cli:USER`.")
            .field("expiresAt", "From when on it is of no use; `null` for never.")
            .field("revokedAt", "Since when it is of no use; `null` if it wasn't revoked.")
            .field("revokedBy", "Who revoked it, as `createdBy`.")
            .field("lastUsedAt", "About when it was last used; `null` if it never was.")
            .named("Key");

    private KeyOperations() {}

    /** All of them. */
    public static List<Operation> all() {
        return List.of(create(), list(), revoke());
    }

    private static Operation create() {
        return describe("POST /api/v1/keys", "createKey", TAG, "Makes a key, which is shown once")
                .details(
                        "Nobody gives away more than they have: other scopes, queues outside of the own pattern or a later expiry are"
                                + " refused with 403.")
                .takes(ObjectSchema.request()
                        .required("name", NAME, "What it is to be called; a name is never given twice.")
                        .required("scopes", Schema.list(SCOPE, 1, KeyRequest.MOST_SCOPES), "What it may be used for.")
                        .optional(
                                "queues",
                                Schema.text(QueuePattern.FORM).otherwise("*"),
                                "The queues that it can see: `*`, the name of one, or the beginning of names and a `*`.")
                        .optional(
                                "rate",
                                Schema.text(RateLimit.FORM),
                                "How many requests it may make: `N/s`, `N/m` or `N/h`, N at most 1000000.")
                        .optional(
                                "expiresAt",
                                Schema.time(),
                                "From when on it is of no use; in the future, at most a hundred years.")
                        .named("NewKey"))
                .answers(201, KEY, "The key, and its text.", Map.of("Location", "Where the key is."))
                .refuses(409, "The name is or was taken, or there are as many keys as there may be.")
                .build();
    }

    private static Operation list() {
        return describe("GET /api/v1/keys", "listKeys", TAG, "Lists keys by name")
                .details("Those whose pattern lies within the caller's; revoked and expired ones too.")
                .query(
                        "limit",
                        Schema.whole(1, QueryParameters.MAX_LIMIT).otherwise(QueryParameters.DEFAULT_LIMIT),
                        "How many at most.")
                .query("cursor", NAME, "As `nextCursor` of the page before had it.")
                .answers(
                        200,
                        RecordSchema.of(KeyResource.KeyPage.class)
                                .field("keys", Schema.list(KEY), "By name.")
                                .field("nextCursor", "The `cursor` of the next page; `null` if this is the last one.")
                                .named("KeyPage"),
                        "A page.")
                .build();
    }

    private static Operation revoke() {
        return describe("DELETE /api/v1/keys/{name}", "revokeKey", TAG, "Revokes a key for good")
                .details("It is refused everywhere within 5 s; what was opened with it is ended.")
                .path("name", Schema.text(), "The key's name.")
                .answers(200, KEY, "The revoked key.")
                .refuses(404, "There is no such key, or its pattern doesn't lie within the caller's.")
                .build();
    }
}
