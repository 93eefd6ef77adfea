/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a screen model costs: output drawn and left out, by kind; a screen restored; memory live and
 * asleep. CPU of this process; rounds go in turn, the median is printed. */

#include "pty/screen-model.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SLICE 16384
#define ROUNDS_MAX 99

static gint rounds = 9;
static gint kilobytes = 1024;

static const GOptionEntry options[] = {
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &rounds, "rounds over all kinds [9]", "N" },
  { "kilobytes", 'k', 0, G_OPTION_ARG_INT, &kilobytes, "of each kind in a round [1024]", "N" },
  { NULL },
};

static const struct
{
  const gchar *name;
  const gchar *line;
} kinds[] = {
  { "yes", "y\r\n" },
  { "80-column lines",
    "the quick brown fox jumps over the lazy dog, and the lazy dog sleeps on as before\r\n" },
  { "colours", "\033[31mred \033[1;32mgreen\033[0m \033[38;5;99mpurple\033[m \033[7mreverse\033[m "
               "\033[38;2;10;20;30mtrue colour\033[m\r\n" },
  { "UTF-8 boxes", "│ ░▒▓█▀▄ ─────────── 世界 é ü │\r\n" },
  { "cursor moves", "\033[5;10Hab\033[12;40Hcd\033[H\033[Kx" },
};

static const struct
{
  guint16 rows;
  guint16 columns;
} sizes[] = { { 24, 80 }, { 50, 200 } };

static gdouble
_now(void)
{
  struct timespec now;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gdouble) now.tv_sec + (gdouble) now.tv_nsec / 1e9;
}

static gint
_compare(gconstpointer a, gconstpointer b)
{
  const gdouble difference = *(const gdouble *) a - *(const gdouble *) b;

  return difference < 0 ? -1 : difference > 0;
}

static gdouble
_median(gdouble *times)
{
  qsort(times, (gsize) rounds, sizeof(*times), _compare);
  return times[rounds / 2];
}

static GString *
_output_of(const gchar *line)
{
  GString *output = g_string_new(NULL);

  while (output->len < (gsize) kilobytes * 1024)
    g_string_append(output, line);
  return output;
}

static void
_feed(CdScreenModel *model, CdText output)
{
  for (; output.length; output = cd_text_skip(output, SLICE))
    cd_screen_model_feed(model, cd_text_head(output, SLICE));
}

static gdouble
_measure(CdScreenModel *model, CdText output, gboolean skips)
{
  const gdouble start = _now();

  if (skips)
    output = cd_text_skip(output, cd_screen_model_skip(model, output));
  _feed(model, output);
  return _now() - start;
}

static void
_measure_output(guint16 rows, guint16 columns, gboolean skips)
{
  gdouble times[G_N_ELEMENTS(kinds)][ROUNDS_MAX];

  for (gint round = 0; round < rounds; round++)
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
      {
        g_autoptr(CdScreenModel) model = cd_screen_model_new(rows, columns);
        g_autoptr(GString) output = _output_of(kinds[i].line);

        times[i][round] = _measure(model, (CdText) { output->str, output->len }, skips);
      }
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
    printf("%-16s %ux%-4u %-8s %8.1f MB/s\n", kinds[i].name, rows, columns,
           skips ? "skipped" : "drawn", kilobytes * 1024 / 1e6 / _median(times[i]));
}

static gdouble
_memory(void)
{
  const struct mallinfo2 info = mallinfo2();

  return (gdouble) (info.uordblks + info.hblkhd) / 1024;
}

static void
_measure_screen(guint16 rows, guint16 columns, const gchar *line, const gchar *name)
{
  const gdouble before = _memory();
  g_autoptr(CdScreenModel) model = cd_screen_model_new(rows, columns);
  g_autoptr(GString) restored = g_string_new(NULL);
  gdouble times[ROUNDS_MAX];
  gdouble live;
  gdouble asleep;

  for (guint i = 0; i < rows; i++)
    for (guint width = 0; width + 40 < columns; width += 40)
      cd_screen_model_feed(model, cd_text_from_string(line));
  live = _memory() - before;
  for (gint round = 0; round < rounds; round++)
    {
      const gdouble start = _now();

      g_string_truncate(restored, 0);
      cd_screen_model_restore(model, restored);
      times[round] = _now() - start;
    }
  g_string_free(g_steal_pointer(&restored), TRUE);
  cd_screen_model_sleep(model);
  asleep = _memory() - before;
  restored = g_string_new(NULL);
  cd_screen_model_restore(model, restored);
  printf("%-16s %ux%-4u restored in %.2f ms, %zu bytes; %.0f KiB live, %.0f KiB asleep\n", name,
         rows, columns, _median(times) * 1e3, restored->len, live, asleep);
}

int
main(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);

  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, NULL) || rounds < 1 || rounds > ROUNDS_MAX)
    return 2;
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
    {
      _measure_output(sizes[i].rows, sizes[i].columns, FALSE);
      _measure_output(sizes[i].rows, sizes[i].columns, TRUE);
      for (gsize kind = 1; kind < 4; kind++)
        _measure_screen(sizes[i].rows, sizes[i].columns, kinds[kind].line, kinds[kind].name);
    }
  return 0;
}
