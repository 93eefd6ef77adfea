/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process with a spool that others kill, or whose system calls they make fail.
 *
 *   spool-driver write FOLDER FIRST SIZE
 *       appends lines with numbers from FIRST on, of many sizes, for ever, to a spool of SIZE bytes
 *       at most; writes each number to standard output when it is accepted
 *   spool-driver run FOLDER PATIENCE
 *       two short lives of a spool, in which it has PATIENCE milliseconds for its timers; tells
 *       what became of it, as "NAME VALUE" lines
 *   spool-driver check FOLDER RESULT
 *       opens it once more and compares with what "run" told into the file RESULT: every line that
 *       was accepted is there, or was told to be lost, and in order
 *
 * Exits with 0 when all is as it should be, with 1 and a message when it is not. */
#include "spool-fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Few lines to a segment, so that there are few system calls to a border. */
#define RUN_LINE 60000
#define RUN_N_LINES 50

/* More than a quarter of a segment: the next one's file is being made. */
#define AHEAD_AFTER 6

/* For who traces: what comes before is not the spool's. */
#define MARK "/spool-driver-begins"

static Fixture fixture;

static void
_open(const gchar *folder, guint64 size_max)
{
  g_autoptr(GError) error = NULL;

  fixture.folder = (gchar *) folder;
  fixture.options.folder = folder;
  fixture.options.size_max = size_max;
  fixture.options.trouble = fixture_note_trouble;
  fixture.options.user_data = &fixture;
  fixture.spool = cd_spool_open(&fixture.options, &error);
  if (fixture.spool)
    return;
  printf("refused %s\n", error->message);
  exit(strlen(error->message) < strlen("/x: y"));
}

/* A reader that keeps up commits now and then; another one stands. */
static int
_write(const gchar *folder, guint64 first, guint64 size_max)
{
  CdCursor *ahead;
  guint n_read = 0;

  _open(folder, size_max);
  ahead = fixture_cursor(&fixture, "ahead");
  fixture_cursor(&fixture, "behind");
  for (fixture.appended = first - 1;;)
    {
      guint64 number = fixture.appended + 1;

      fixture_append_sized(&fixture, 20 + (number * 7919) % (number % 10 ? 1200 : 20000));
      if (write(STDOUT_FILENO, &number, sizeof(number)) != sizeof(number))
        return 1;
      while (fixture_read(ahead))
        n_read++;
      if (number % 5 == 0)
        cd_cursor_commit(ahead, n_read);
      if (number % 5 == 0)
        n_read = 0;
      if (number % 50 == 0)
        g_main_context_iteration(NULL, FALSE);
    }
}

/* Tells which lines a cursor has read and committed. */
static void
_take(CdCursor *cursor, const gchar *name, guint n)
{
  guint64 number;

  while (n-- > 0 && (number = fixture_read(cursor)))
    {
      printf("%s %" G_GUINT64_FORMAT "\n", name, number);
      cd_cursor_commit(cursor, 1);
    }
}

/* One life: "a" reads all it gets, "b" a little and goes back, "c" nothing. Returns: lines that
 * were not saved. */
static guint64
_live(const gchar *folder, guint n_lines, guint patience)
{
  CdCursor *a, *b;

  _open(folder, CD_SPOOL_SIZE_MIN);
  a = fixture_cursor(&fixture, "a");
  b = fixture_cursor(&fixture, "b");
  fixture_cursor(&fixture, "c");
  for (guint i = 0; i < n_lines; i++)
    {
      fixture_append_sized(&fixture, RUN_LINE);
      _take(a, "a", i % 4 ? 0 : 100);
      if (i < n_lines / 2)
        fixture_read(b);
      if (i == AHEAD_AFTER)
        fixture_wait_for_spare(&fixture, 300);
      if (i == n_lines / 2)
        fixture_run(patience);
    }
  cd_cursor_rewind(b);
  _take(b, "b", 5);
  fixture_run(patience / 8);
  return fixture_close(&fixture);
}

static int
_run(const gchar *folder, guint patience)
{
  guint64 unsaved;

  if (access(MARK, F_OK) == 0)
    return 1;
  for (guint i = 0; i < 2; i++)
    {
      unsaved = _live(folder, RUN_N_LINES, patience);
      printf("unsaved %" G_GUINT64_FORMAT "\n", unsaved);
      printf("accepted %" G_GUINT64_FORMAT "\n", fixture.appended);
    }
  printf("troubles %u\nrecoveries %u\n", fixture.n_troubles, fixture.n_recoveries);
  return 0;
}

/* The sum, or with @got the set, of what the lines with this name tell. */
static guint64
_look_up(gchar **lines, const gchar *name, gboolean *got)
{
  guint64 sum = 0;

  for (; *lines; lines++)
    if (g_str_has_prefix(*lines, name) && (*lines)[strlen(name)] == ' ')
      {
        guint64 value = g_ascii_strtoull(*lines + strlen(name), NULL, 10);

        sum += value;
        if (got)
          got[value] = TRUE;
      }
  return sum;
}

/* What was read then or is there now is here; of the rest it has to be known how many they are. */
static int
_check_cursor(const gchar *name, gchar **lines, guint64 accepted, guint64 unsaved)
{
  CdCursor *cursor = fixture_cursor(&fixture, name);
  g_autofree gboolean *got = g_new0(gboolean, 10 * RUN_N_LINES);
  guint64 missing = 0;
  guint64 last = 0;
  guint64 number;
  CdSpoolLoss loss;

  _look_up(lines, name, got);
  while ((number = fixture_read(cursor)))
    {
      if (number <= last)
        return printf("%s: line %" G_GUINT64_FORMAT " out of order\n", name, number) > 0;
      last = number;
      got[number] = TRUE;
    }
  for (guint64 i = 1; i <= accepted; i++)
    missing += !got[i];
  cd_cursor_get_loss(cursor, &loss);
  if (missing <= loss.count + unsaved)
    return 0;
  printf("%s: %" G_GUINT64_FORMAT " lines are missing; %" G_GUINT64_FORMAT
         " are told to be lost, %" G_GUINT64_FORMAT " were not saved\n",
         name, missing, loss.count, unsaved);
  return 1;
}

static int
_check(const gchar *folder, const gchar *result)
{
  g_autofree gchar *content = NULL;
  g_auto(GStrv) lines = NULL;
  guint64 accepted = 0;
  guint64 unsaved;
  int failed = 0;

  g_assert_true(g_file_get_contents(result, &content, NULL, NULL));
  lines = g_strsplit(content, "\n", -1);
  for (gchar **line = lines; *line; line++)
    if (g_str_has_prefix(*line, "accepted "))
      accepted = MAX(accepted, g_ascii_strtoull(*line + strlen("accepted "), NULL, 10));
  unsaved = _look_up(lines, "unsaved", NULL);
  _open(folder, CD_SPOOL_SIZE_MIN);
  failed += _check_cursor("a", lines, accepted, unsaved);
  failed += _check_cursor("b", lines, accepted, unsaved);
  failed += _check_cursor("c", lines, accepted, unsaved);
  return failed != 0;
}

int
main(int argc, char **argv)
{
  signal(SIGXFSZ, SIG_IGN);
  if (argc == 5 && strcmp(argv[1], "write") == 0)
    return _write(argv[2], g_ascii_strtoull(argv[3], NULL, 10),
                  g_ascii_strtoull(argv[4], NULL, 10));
  if (argc == 4 && strcmp(argv[1], "run") == 0)
    return _run(argv[2], (guint) g_ascii_strtoull(argv[3], NULL, 10));
  if (argc == 4 && strcmp(argv[1], "check") == 0)
    return _check(argv[2], argv[3]);
  return 2;
}
