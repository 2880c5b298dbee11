/**
 * The crash-safety suite: clients and workers use several service processes while a nemesis kills, freezes and cuts what they
 * stand on; then what was promised is compared with what is in the database. docs/safety.md says what is checked and how a red
 * run is read.
 *
 * <pre>
 *   ApiClient, RemoteWorker ──calls──▶ Relay ──▶ service × 3 ──▶ Relay ──▶ Postgres
 *         │                                          │
 *         ▼                                          ▼
 *      History (operations)              RecordingHandler (starts)          ProcessLeases (who was judged)
 *         └────────────────────────── Evidence ──▶ Checker ◀── FinalJobs ────────┘
 * </pre>
 */
package io.trayb.safety;
