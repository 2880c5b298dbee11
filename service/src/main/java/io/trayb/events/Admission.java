package io.trayb.events;

import io.trayb.keys.Caller;
import java.util.List;

/**
 * Who follows, and what. Immutable.
 *
 * @param topics those that the caller asked for or that its ticket was issued for; none of them is a queue that it can't see
 */
record Admission(Caller caller, List<String> topics) {}
