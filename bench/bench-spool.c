/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What accepting a line costs: append to a spool on disk, 900 bytes a line, two cursors at the tail
 * and one that stands. Microseconds by a histogram, p50 and p99 beside what a bare write(2) of the
 * same bytes to a file in the same folder takes, in turns.
 *
 * With a RATE lines come at so many a second at most, as from an agent; else as fast as they go.
 *
 *   bench-spool [LINES] [FOLDER] [RATE] */
#include "clock.h"
#include "histogram.h"

#include "emit/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_SIZE 900
#define COMMIT_EVERY 100

static BenchHistogram appended, written;
static guint n_troubles;

static void
_note_trouble(const GError *error, gpointer user_data)
{
  if (error)
    n_troubles++;
}

static void
_drain(CdCursor *cursor)
{
  guint64 number;
  CdText line;

  while (cd_cursor_peek(cursor, &line, &number))
    cd_cursor_advance(cursor);
  if (cd_cursor_get_n_uncommitted(cursor) >= COMMIT_EVERY)
    cd_cursor_commit(cursor, COMMIT_EVERY);
}

static void
_wait_until(guint64 ns)
{
  const struct timespec when = { (time_t) (ns / 1000000000), (long) (ns % 1000000000) };

  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL) == EINTR)
    ;
}

static void
_measure(CdSpool *spool, int fd, guint64 n_lines, guint64 rate)
{
  const guint64 begin = (guint64) bench_clock_wall();
  gchar bytes[LINE_SIZE];
  const CdText line = { bytes, sizeof(bytes) };
  CdCursor *tails[2] = { cd_spool_get_cursor(spool, "one", NULL),
                         cd_spool_get_cursor(spool, "two", NULL) };

  cd_spool_get_cursor(spool, "stands", NULL);
  memset(bytes, 'x', sizeof(bytes));
  for (guint64 i = 1; i <= n_lines; i++)
    {
      gdouble start, middle;

      if (rate)
        _wait_until(begin + i * 1000000000 / rate);
      start = bench_clock_wall();
      cd_spool_append(spool, i, (gint64) i, line, NULL);
      middle = bench_clock_wall();
      if (write(fd, bytes, sizeof(bytes)) != sizeof(bytes))
        exit(1);
      bench_histogram_count(&written, bench_clock_wall() - middle);
      bench_histogram_count(&appended, middle - start);
      for (guint k = 0; k < G_N_ELEMENTS(tails); k++)
        _drain(tails[k]);
      g_main_context_iteration(NULL, FALSE);
    }
}

static void
_remove(const gchar *folder)
{
  GDir *dir = g_dir_open(folder, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name(dir)))
    {
      g_autofree gchar *path = g_build_filename(folder, name, NULL);
      g_unlink(path);
    }
  if (dir)
    g_dir_close(dir);
  g_rmdir(folder);
}

int
main(int argc, char **argv)
{
  guint64 n_lines = argc > 1 ? g_ascii_strtoull(argv[1], NULL, 10) : 100000;
  g_autofree gchar *folder = g_build_filename(argc > 2 ? argv[2] : g_get_tmp_dir(),
                                              "bench-spool-XXXXXX", NULL);
  g_autofree gchar *path = NULL;
  g_autoptr(GError) error = NULL;
  CdSpoolOptions options = { .size_max = CD_SPOOL_SIZE_DEFAULT, .trouble = _note_trouble };
  CdSpool *spool;
  int fd;

  options.folder = g_mkdtemp(folder);
  spool = options.folder ? cd_spool_open(&options, &error) : NULL;
  path = g_build_filename(folder, "bare", NULL);
  fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (!spool || fd < 0)
    {
      fprintf(stderr, "bench-spool: %s\n", error ? error->message : folder);
      return 1;
    }
  _measure(spool, fd, n_lines, argc > 3 ? g_ascii_strtoull(argv[3], NULL, 10) : 0);
  close(fd);
  cd_spool_close(spool);
  _remove(folder);
  bench_histogram_print(&appended, "append, 900 bytes");
  bench_histogram_print(&written, "bare write(2), 900 bytes");
  printf("%" G_GUINT64_FORMAT
         " lines, p50 %.2f and p99 %.2f times those of write(2), %u troubles\n",
         n_lines, bench_histogram_get(&appended, 0.5) / bench_histogram_get(&written, 0.5),
         bench_histogram_get(&appended, 0.99) / bench_histogram_get(&written, 0.99), n_troubles);
  return 0;
}
