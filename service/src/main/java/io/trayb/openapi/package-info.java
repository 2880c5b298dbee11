/**
 * The description of the API as OpenAPI 3.1. Each feature describes its calls beside its resources; which calls there are, and what
 * each needs, is read from the resources themselves.
 *
 * <pre>
 *   resources ──▶ Call ──┐
 *   a feature's Operation ├──▶ ApiDocument ──▶ docs/openapi.json, GET /api/v1/openapi.json
 *   its Examples ─────────┘
 * </pre>
 */
@NullMarked
package io.trayb.openapi;

import org.jspecify.annotations.NullMarked;
