/**
 * Text out of documents with Apache Tika, in child processes with memory and time limits; and the
 * same job with a thread pool and with a process per file, to compare. Described in docs/TIKA.md.
 */
@NullMarked
package dev.warren.examples.tika;

import org.jspecify.annotations.NullMarked;
