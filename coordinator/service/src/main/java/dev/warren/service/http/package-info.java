/**
 * The web server: who may do what, errors as problem documents, limits, and an orderly stop. Knows
 * nothing of jobs. Requests run on threads named {@code http}; nothing here is shared between them
 * except thread-safe types.
 *
 * <p>Door: {@link dev.warren.service.http.HttpServer}, {@link dev.warren.service.http.Route},
 * {@link dev.warren.service.http.Problem}; for routes also {@link
 * dev.warren.service.http.Parameters} and {@link dev.warren.service.http.Answers}.
 */
@NullMarked
package dev.warren.service.http;

import org.jspecify.annotations.NullMarked;
