/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of tests/data/conformance, for the scripts here:
 *
 *   conform send TABLE FRAMING=PORT...    sends the rows; see send.h
 *   conform datagrams TABLE PATH          those that are frames, to a unix-dgram socket
 *   conform count TABLE                   prints how many rows there are
 *   conform probe TABLE PORT              succeeds when somebody listens
 *   conform plain TABLE ID PORT           sends a row that wants TLS without it
 *   conform tls TABLE DIRECTORY           writes those that want TLS; prints who sends them
 *   conform verdicts TABLE OUT DGRAM VERSION
 *                                         compares our column: `ok NAME` or `no NAME: WHY`
 *   conform seen TABLE OUT                prints what a daemon made of each row
 *   conform page TABLE SEEN...            prints doc/conformance.md from the columns of SEEN
 */
#include "page.h"
#include "seen.h"
#include "send.h"
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
_set_port(guint *ports, const gchar *argument)
{
  const gchar *equals = strchr(argument, '=');

  for (guint i = 0; equals && i < CONFORM_N_FRAMINGS; i++)
    if (strlen(conform_framing_get_name(i)) == (gsize) (equals - argument)
        && g_str_has_prefix(argument, conform_framing_get_name(i)))
      {
        ports[i] = (guint) g_ascii_strtoull(equals + 1, NULL, 10);
        return;
      }
  g_error("%s is no FRAMING=PORT", argument);
}

static void
_run_send(const GPtrArray *rows, gchar **arguments)
{
  guint ports[CONFORM_N_FRAMINGS] = { 0 };

  while (*arguments)
    _set_port(ports, *arguments++);
  conform_send(rows, ports);
}

static void
_report(const gchar *id, const gchar *what, const gchar *got, const gchar *wanted)
{
  if (strcmp(got, wanted) == 0)
    printf("ok %s: %s\n", id, what);
  else
    printf("no %s: %s\tgot '%s', wanted '%s'\n", id, what, got, wanted);
}

/* What was rescued says so; the rest is compared. */
static gchar *
_without_rescued(const gchar *verdict)
{
  g_auto(GStrv) parts = g_strsplit(verdict, " rescued", -1);

  return g_strjoinv("", parts);
}

static void
_report_frame(const ConformRow *row, const ConformArrived *rescued)
{
  g_autofree gchar *core = conform_verdict_of_core(row);
  g_autofree gchar *rescue = conform_verdict_of(rescued);
  g_autofree gchar *plain = _without_rescued(rescue);

  _report(row->id, "coder-triage", core, row->core ? row->core : row->ours);
  if (conform_row_is_datagram(row))
    _report(row->id, "rescued", plain, row->rescue ? row->rescue : row->ours);
}

static void
_report_row(const ConformRow *row, const ConformArrived *arrived, const ConformArrived *rescued)
{
  g_autofree gchar *verdict = conform_verdict_of(arrived);
  g_autofree gchar *differences = row->pairs ? conform_verdict_compare_pairs(row, arrived) : NULL;

  _report(row->id, "verdict", verdict, row->ours);
  if (row->pairs)
    _report(row->id, "pairs", differences ? differences : "", "");
  if (conform_row_is_frame(row))
    _report_frame(row, rescued);
}

static void
_run_verdicts(GPtrArray *rows, gchar **arguments)
{
  g_autoptr(GPtrArray) arrived = conform_arrived_load(rows, arguments[0]);
  g_autoptr(GPtrArray) rescued = conform_arrived_load_marked(rows, arguments[1]);

  if (g_ascii_strtoull(arguments[2], NULL, 10) >= 4)
    conform_rows_take_4(rows);
  for (guint i = 0; i < rows->len; i++)
    _report_row(g_ptr_array_index(rows, i), g_ptr_array_index(arrived, i),
                g_ptr_array_index(rescued, i));
}

static void
_run_seen(const GPtrArray *rows, gchar **arguments)
{
  g_autoptr(GPtrArray) arrived = conform_arrived_load(rows, arguments[0]);

  for (guint i = 0; i < rows->len; i++)
    {
      const ConformRow *row = g_ptr_array_index(rows, i);
      g_autofree gchar *seen = conform_seen_describe(row, g_ptr_array_index(arrived, i));
      printf("%s: %s\n", row->id, seen);
    }
}

static void
_run(const gchar *command, GPtrArray *rows, gint n, gchar **arguments)
{
  if (strcmp(command, "send") == 0 && n > 0)
    _run_send(rows, arguments);
  else if (strcmp(command, "datagrams") == 0 && n == 1)
    conform_send_datagrams(rows, arguments[0]);
  else if (strcmp(command, "count") == 0 && n == 0)
    printf("%u\n", rows->len);
  else if (strcmp(command, "probe") == 0 && n == 1)
    exit(conform_probe((guint) g_ascii_strtoull(arguments[0], NULL, 10)) ? 0 : 1);
  else if (strcmp(command, "plain") == 0 && n == 2)
    conform_send_plain(rows, arguments[0], (guint) g_ascii_strtoull(arguments[1], NULL, 10));
  else if (strcmp(command, "tls") == 0 && n == 1)
    conform_print_tls(rows, arguments[0]);
  else if (strcmp(command, "verdicts") == 0 && n == 3)
    _run_verdicts(rows, arguments);
  else if (strcmp(command, "seen") == 0 && n == 1)
    _run_seen(rows, arguments);
  else if (strcmp(command, "page") == 0 && n > 0)
    conform_print_page(rows, arguments);
  else
    {
      g_printerr("conform: the comment at the top of conform.c tells its use\n");
      exit(2);
    }
}

int
main(int argc, char **argv)
{
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(GError) error = NULL;

  if (argc < 3)
    _run("", NULL, 0, NULL);
  rows = conform_rows_load(argv[2], &error);
  if (!rows)
    {
      g_printerr("conform: %s\n", error->message);
      return 1;
    }
  _run(argv[1], rows, argc - 3, argv + 3);
  return 0;
}
