/**
 * What happens to jobs, told live: the log in Redis, the hub of this process, and the streams and polls that read from both.
 *
 * <pre>
 * a commit ─▶ EventLog ─▶ Outbox ─XADD─▶ Redis ─XREAD─▶ Tail ─▶ Hub ─▶ Follower ─▶ StreamConnection ─▶ FrameQueue ─▶ Wire ─▶ client
 *                                          │                     │        ▲ │
 *                                          └─▶ LogReader ─▶ Replayer ─────┘ └─▶ Poll ─▶ PollAnswer ─▶ client
 *                                                          (who is behind)
 * </pre>
 */
@NullMarked
package io.trayb.events;

import org.jspecify.annotations.NullMarked;
