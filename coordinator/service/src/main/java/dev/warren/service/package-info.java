/**
 * A coordinator as a service: jobs over HTTP. The command {@code warren coordinator} opens it, and
 * so may any program with a pool.
 *
 * <p>Door: {@link dev.warren.service.CoordinatorService}, {@link dev.warren.service.ServiceConfig}.
 */
@NullMarked
package dev.warren.service;

import org.jspecify.annotations.NullMarked;
