/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What accepting a line costs: append to a spool on disk, 900 bytes a line, two cursors at the tail
 * and one that stands. Microseconds by a histogram, p50 and p99 beside what a bare write(2) of the
 * same bytes to a file in the same folder takes, in turns.
 *
 *   bench-spool [LINES] [FOLDER] */
#include "emit/spool.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LINE_SIZE 900
#define COMMIT_EVERY 100

/* Buckets of 0.1 us, and one for all that is longer. */
#define N_BUCKETS 200000
#define BUCKET_NS 100

typedef struct _Histogram
{
  guint64 buckets[N_BUCKETS + 1];
  guint64 count;
  guint64 longest;
} Histogram;

static Histogram appended, written;
static guint n_troubles;

static guint64
_now(void)
{
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (guint64) now.tv_sec * 1000000000 + (guint64) now.tv_nsec;
}

static void
_count(Histogram *self, guint64 ns)
{
  self->buckets[MIN(ns / BUCKET_NS, N_BUCKETS)]++;
  self->count++;
  self->longest = MAX(self->longest, ns);
}

static gdouble
_quantile(const Histogram *self, gdouble part)
{
  guint64 wanted = (guint64) (part * (gdouble) self->count);
  guint64 seen = 0;

  for (guint i = 0; i <= N_BUCKETS; i++)
    if ((seen += self->buckets[i]) > wanted)
      return (i + 1) * (BUCKET_NS / 1000.0);
  return 0;
}

static void
_print(const gchar *title, const Histogram *self)
{
  printf("%-28s p50 %6.1f us  p99 %6.1f us  p99.9 %7.1f us  longest %8.1f us\n", title,
         _quantile(self, 0.5), _quantile(self, 0.99), _quantile(self, 0.999),
         (gdouble) self->longest / 1000);
}

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
_measure(CdSpool *spool, int fd, guint64 n_lines)
{
  gchar bytes[LINE_SIZE];
  const CdText line = { bytes, sizeof(bytes) };
  CdCursor *tails[2] = { cd_spool_get_cursor(spool, "one", NULL),
                         cd_spool_get_cursor(spool, "two", NULL) };

  cd_spool_get_cursor(spool, "stands", NULL);
  memset(bytes, 'x', sizeof(bytes));
  for (guint64 i = 1; i <= n_lines; i++)
    {
      guint64 start = _now();
      guint64 middle;

      cd_spool_append(spool, i, (gint64) i, line, NULL);
      middle = _now();
      if (write(fd, bytes, sizeof(bytes)) != sizeof(bytes))
        exit(1);
      _count(&written, _now() - middle);
      _count(&appended, middle - start);
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
  _measure(spool, fd, n_lines);
  close(fd);
  cd_spool_close(spool);
  _remove(folder);
  _print("append, 900 bytes", &appended);
  _print("bare write(2), 900 bytes", &written);
  printf("%" G_GUINT64_FORMAT
         " lines, p50 %.2f and p99 %.2f times those of write(2), %u troubles\n",
         n_lines, _quantile(&appended, 0.5) / _quantile(&written, 0.5),
         _quantile(&appended, 0.99) / _quantile(&written, 0.99), n_troubles);
  return 0;
}
