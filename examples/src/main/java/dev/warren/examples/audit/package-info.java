/**
 * The demo's job: inspects jar files. Needs only the JDK, so that it runs in any child.
 *
 * <p>Door: {@link dev.warren.examples.audit.JarAudit}.
 */
@NullMarked
package dev.warren.examples.audit;

import org.jspecify.annotations.NullMarked;
