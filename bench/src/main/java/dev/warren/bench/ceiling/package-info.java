/**
 * The ceilings: the same work with a bare broker, bare JVMs or a bare socket, without Warren.
 *
 * <p>Door: all classes, each a peer of one measure.
 */
@NullMarked
package dev.warren.bench.ceiling;

import org.jspecify.annotations.NullMarked;
