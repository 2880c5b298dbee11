/**
 * Several service processes on one machine, on the same ports, under a supervisor ({@code trayb cluster}).
 *
 * <pre>
 *                    the supervisor (a JVM of its own, small)                    a service process (a JVM each)
 *
 *   signals ──▶ Supervisor ──▶ Slot ──▶ Child ═══ standard input: ═══════════▶ SupervisorLink ──▶ leaves the ports, ends
 *                   │         (a Replacement       assignment, orders, its
 *                   ▼          while rolling)      end when we are gone          SharedPortConnector ◀── connections, which
 *   Prometheus ──▶ ClusterServer ──/metrics, /readyz──▶ its own admin port                 ▲             the kernel spreads
 *                                                                                          │
 *                PortReservation (bound, not listening) ─ ─ ─ the same port, SO_REUSEPORT ─ ┘
 * </pre>
 *
 * <p>The supervisor carries no traffic: killed, it takes nothing with it but its processes, which notice by the end of the pipe.
 */
@NullMarked
package io.trayb.cluster;

import org.jspecify.annotations.NullMarked;
