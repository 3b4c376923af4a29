/**
 * The HTTP API of a coordinator: which paths there are, what they take and what they answer, as
 * described in {@code openapi.yaml}. Further groups of paths (events, metrics, the page) are added
 * in {@link dev.warren.service.api.Api}.
 *
 * <p>Answers run on threads of the server and may block. Door: {@link dev.warren.service.api.Api},
 * {@link dev.warren.service.api.JobView}, {@link dev.warren.service.api.CauseView}, {@link
 * dev.warren.service.api.ResultStream}, {@link dev.warren.service.api.StoreSubmission}.
 */
@NullMarked
package dev.warren.service.api;

import org.jspecify.annotations.NullMarked;
