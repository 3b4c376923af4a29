/**
 * Databases of a store: connections, transactions, tables, failures. Door: {@link
 * dev.warren.jobs.store.database.Layout}, which knows where the databases are, and {@link
 * dev.warren.jobs.store.database.Database}. What differs between SQLite and PostgreSQL is in {@link
 * dev.warren.jobs.store.database.Dialect}.
 *
 * <p>Threads: the callers'.
 */
@NullMarked
package dev.warren.jobs.store.database;

import org.jspecify.annotations.NullMarked;
