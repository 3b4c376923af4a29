/**
 * The cluster as an owner sees it: which workers there are and what they hold, whether their clocks
 * agree, and which tasks have been lost.
 *
 * <p>Door: {@link dev.warren.cluster.WorkerRegistry}, {@link dev.warren.cluster.LostTaskWatch},
 * {@link dev.warren.cluster.OwnerIdentity}. Guarded by the engine; time is passed in.
 */
@NullMarked
package dev.warren.cluster;

import org.jspecify.annotations.NullMarked;
