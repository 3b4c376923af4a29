/**
 * The store in SQL, with the same statements for SQLite and PostgreSQL. Door: {@link
 * dev.warren.jobs.store.sql.SqlStore}. The only package with statements on the tables, which {@code
 * store.database} creates.
 *
 * <p>SQLite has a catalogue and a file for each job, PostgreSQL keeps everything in one database. A
 * job's row in its own file is authoritative; the catalogue decides whether the job exists and what
 * it is called, and has a copy of the rows of ended jobs.
 *
 * <p>Threads: callers' threads; of an upload also {@code upload-deflate}, which compresses input,
 * and {@code upload-insert}, which stores it.
 */
@NullMarked
package dev.warren.jobs.store.sql;

import org.jspecify.annotations.NullMarked;
