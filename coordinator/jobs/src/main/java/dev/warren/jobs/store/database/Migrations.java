package dev.warren.jobs.store.database;

import dev.warren.jobs.store.StoreException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Creates and updates the tables of a database: numbered migrations, each applied once, in a
 * transaction that also records its number. Stateless.
 *
 * <p>For maintainers: never change a migration that was released; add one at the end.
 */
final class Migrations {
  private static final String VERSION = "select max(version) from migration";

  private static final List<List<String>> ALL =
      List.of(
          List.of(
              """
              create table job (
                id text primary key,
                pool text not null,
                name text not null,
                definition text not null,
                secret text not null,
                state text not null,
                round bigint not null,
                calls bigint not null,
                input_bytes bigint not null,
                published bigint not null,
                succeeded bigint not null,
                failed bigint not null,
                cancelled bigint not null,
                request text not null,
                owner text,
                epoch bigint not null,
                lease_until bigint not null,
                created bigint not null,
                ended bigint,
                keep bigint not null,
                next_seq bigint not null,
                commits bigint not null
              )""",
              """
              create unique index job_name on job (pool, name)
                where state <> 'RECEIVING' and state <> 'DELETED'""",
              "create index job_created on job (created)",
              "create index job_state on job (state)",
              """
              create table input_digest (
                job text primary key,
                body {bytes} not null
              )""",
              """
              create table input_block (
                job text not null,
                seq bigint not null,
                first bigint not null,
                count bigint not null,
                body {bytes} not null,
                primary key (job, seq)
              )""",
              "create index input_block_lines on input_block (job, first)",
              """
              create table segment (
                job text not null,
                seq bigint not null,
                kind bigint not null,
                first bigint not null,
                last bigint not null,
                count bigint not null,
                calls {bytes} not null,
                body {bytes} not null,
                primary key (job, seq)
              )""",
              "create index segment_calls on segment (job, kind, first, last)",
              """
              create table cause (
                job text not null,
                fingerprint text not null,
                title text not null,
                calls bigint not null,
                first_call bigint not null,
                first_at bigint not null,
                last_at bigint not null,
                primary key (job, fingerprint)
              )""",
              """
              create table audit (
                job text not null,
                at bigint not null,
                who text not null,
                what text not null
              )""",
              "create index audit_job on audit (job, at)"),
          List.of(
              "alter table cause add column kind text not null default ''",
              """
              create table statistics (
                job text primary key,
                body text not null
              )"""),
          // when each segment was written; 0 if that was before this migration
          List.of("alter table segment add column written bigint not null default 0"),
          List.of(
              """
              create table unique_key (
                pool text not null,
                client_key text not null,
                request text not null,
                input text not null,
                job text not null,
                created bigint not null,
                at bigint not null,
                primary key (pool, client_key)
              )""",
              "create index unique_key_at on unique_key (at)",
              "create index unique_key_job on unique_key (job)",
              // what was done with a pool; the table audit has what was done with one job
              """
              create table pool_audit (
                pool text not null,
                at bigint not null,
                who text not null,
                subject text not null,
                what text not null
              )""",
              "create index pool_audit_at on pool_audit (pool, at)"));

  private Migrations() {}

  /** Number of the newest migration that this program knows. */
  static int newest() {
    return ALL.size();
  }

  /**
   * Brings the tables up to date.
   *
   * @throws StoreException if a newer program has written them
   */
  static void apply(Database database) {
    long version = database.read("read", Migrations::version);
    while (version < newest()) {
      version = database.write("create tables", session -> next(session, database.dialect()));
    }
    if (version > newest()) {
      throw new StoreException(
          "cannot open "
              + database.place()
              + ": it was written by a newer version of Warren (its tables have version "
              + version
              + ", this program knows "
              + newest()
              + "); upgrade this program",
          null);
    }
  }

  private static long version(Session session) throws SQLException {
    Optional<Long> exists = session.first(session.dialect().hasMigrations(), row -> row.getLong(1));
    return exists.isEmpty() ? 0 : session.first(VERSION, row -> row.getLong(1)).orElse(0L);
  }

  /** Applies the next migration, unless another process has done so, and returns the version. */
  private static long next(Session session, Dialect dialect) throws SQLException {
    for (String lock : dialect.lockTables()) {
      session.execute(lock);
    }
    session.update(
        "create table if not exists migration (version bigint primary key, applied bigint not null)");
    long version = version(session);
    if (version >= newest()) {
      return version;
    }
    for (String statement : ALL.get((int) version)) {
      session.execute(dialect.complete(statement));
    }
    if (version == 0) {
      for (String statement : dialect.tuning()) {
        session.execute(statement);
      }
    }
    session.update("insert into migration (version, applied) values (?, {now})", version + 1);
    return version + 1;
  }
}
