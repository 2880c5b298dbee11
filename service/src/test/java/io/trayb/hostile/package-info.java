/**
 * Clients that mean harm, against the real service: what they send, and what they hope for.
 *
 * <pre>
 *   bodies    HostileBodiesTest        JSON that is deep, doubled, huge, not in UTF-8, or has text that nobody can keep
 *   requests  HostileRequestsTest      HTTP that is bent: headers, methods, paths, queries
 *   framing   HostileFramingTest       where a request ends, said in two ways: lengths, chunks, trailers, pipelines
 *   places    ForgedPlacesTest         ids, cursors and tickets that nobody has given out
 *   logs      LogForgeryTest           lines that nobody has logged
 *   secrets   SecretsStayInsideTest    keys, tickets and passwords in what comes out
 *   others    HiddenThingsTest         jobs, queues, schedules and keys that a key cannot see
 *   anything  GeneratedRequestsTest    requests made from the description: as it says, and wrong in every way
 *   parsers   io.trayb.fuzz            texts, bent by what they reach
 * </pre>
 */
@NullMarked
package io.trayb.hostile;

import org.jspecify.annotations.NullMarked;
