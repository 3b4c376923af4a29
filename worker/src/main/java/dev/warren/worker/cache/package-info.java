/**
 * Files that can be recreated: the user's cache folder, and the code of executable Spring Boot jars
 * in it. No threads of its own.
 *
 * <p>Door: {@link dev.warren.worker.cache.CacheFolder}, {@link dev.warren.worker.cache.BootJar}.
 */
@NullMarked
package dev.warren.worker.cache;

import org.jspecify.annotations.NullMarked;
