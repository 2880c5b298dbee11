/**
 * Postgres and Redis for a laptop: the real engines, unpacked from the jar, with their files under the data directory.
 *
 * <p>Nothing here is relaxed for speed: Postgres keeps {@code fsync} and {@code synchronous_commit} on. Both engines listen
 * on 127.0.0.1 only and want a password, which was drawn when their directory was made and lies in it, readable by its owner.
 */
@NullMarked
package io.trayb.embedded;

import org.jspecify.annotations.NullMarked;
