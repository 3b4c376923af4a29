/**
 * Class-data archives, which make children start faster.
 *
 * <p>Door: {@link dev.warren.worker.supervise.archive.ClassDataArchive}. The training run is a
 * process of its own; the rest runs on the starter thread.
 */
@NullMarked
package dev.warren.worker.supervise.archive;

import org.jspecify.annotations.NullMarked;
