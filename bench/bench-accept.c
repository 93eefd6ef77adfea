/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long accepting a record holds up a main loop while the log server is frozen, beside syslog(3)
 * and sd_journal_send(3), whose readers go on, and what becomes of those when they do not.
 *
 *   bench-accept [--seconds N] [--rate N] [--folder FOLDER] URI PID
 *
 * PID is the log server at URI: it gets SIGSTOP once the emitter is connected, SIGCONT at the end.
 * In each tick of the loop all three have the same number of records, in turn. */

#include "clock.h"
#include "histogram.h"
#include "peers.h"

#include "emit/emitter.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#define TICK_MS 1
#define PLAIN_LENGTH 934
#define GOAL_US 50

/* So many calls that returned are no blocking any more. */
#define BLOCKED_MAX 5000
#define BLOCKED_SECONDS 3

static gint seconds = 20;
static gint rate = 5000;
static gchar *folder;

static const GOptionEntry options[] = {
  { "seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "how long [20]", "N" },
  { "rate", 'r', 0, G_OPTION_ARG_INT, &rate, "records a second [5000]", "N" },
  { "folder", 'd', 0, G_OPTION_ARG_FILENAME, &folder, "of the spool; removed by the caller",
    "FOLDER" },
  { NULL },
};

static CdEmitter *emitter;
static CdRecord record;
static gchar *plain;

static void
_accept(void)
{
  cd_emitter_accept(emitter, &record);
}

static void
_syslog(void)
{
  syslog(LOG_WARNING, "%s", plain);
}

#ifdef HAVE_LIBSYSTEMD
static void
_journal_send(void)
{
  bench_journal_send("0123456789abcdef");
}
#endif

typedef struct _Subject
{
  const gchar *title;
  void (*emit)(void);
  BenchHistogram times;
} Subject;

static Subject subjects[] = {
  { "cd_emitter_accept()", _accept, { { 0 }, 0, 0 } },
  { "syslog(3)", _syslog, { { 0 }, 0, 0 } },
#ifdef HAVE_LIBSYSTEMD
  { "sd_journal_send(3)", _journal_send, { { 0 }, 0, 0 } },
#endif
};

typedef struct _Run
{
  gdouble start;
  guint64 n_done;
  gboolean is_over;
} Run;

/* --- the loop --------------------------------------------------------------------------------- */

static void
_measure(Subject *subject, guint64 count)
{
  for (guint64 i = 0; i < count; i++)
    {
      gdouble start = bench_clock_wall();
      subject->emit();
      bench_histogram_count(&subject->times, bench_clock_wall() - start);
    }
}

static gboolean
_tick(gpointer user_data)
{
  Run *run = user_data;
  gdouble passed = (bench_clock_wall() - run->start) / 1e9;
  guint64 due = (guint64) (MIN(passed, seconds) * rate);

  for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
    _measure(&subjects[i], due - run->n_done);
  run->n_done = due;
  run->is_over = passed >= seconds;
  return G_SOURCE_CONTINUE;
}

static void
_run(void)
{
  Run run = { bench_clock_wall(), 0, FALSE };
  guint tick = g_timeout_add(TICK_MS, _tick, &run);

  while (!run.is_over)
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(tick);
}

static void
_trouble(const gchar *what, gboolean is_well, gpointer user_data)
{
  fprintf(stderr, "bench-accept: %s\n", what);
}

static void
_open_emitter(const gchar *uri)
{
  const gchar *uris[] = { uri, NULL };
  const CdEmitterOptions emitter_options = {
    .app_name = "bench-accept",
    .pen = CD_SENDER_PEN_EXAMPLE,
    .folder = folder,
    .uris = uris,
    .trouble = _trouble,
  };
  g_autoptr(GError) error = NULL;
  CdEmitterFigures figures = { 0 };

  emitter = cd_emitter_new(&emitter_options, &error);
  if (!emitter)
    {
      fprintf(stderr, "bench-accept: %s\n", error->message);
      exit(1);
    }
  while (!figures.targets[0].is_connected)
    {
      g_main_context_iteration(NULL, TRUE);
      cd_emitter_get_figures(emitter, &figures);
    }
}

/* --- a reader that sleeps --------------------------------------------------------------------- */

/* Returns: how many calls came back before one did not. */
static gint
_count_until_blocked(const Subject *subject)
{
  gint counts[2];
  gint n_calls = 0;
  gchar byte;
  pid_t child;

  if (pipe(counts) < 0 || (child = fork()) < 0)
    bench_die("fork");
  if (child == 0)
    {
      close(counts[0]);
      alarm(BLOCKED_SECONDS);
      for (gint i = 0; i < BLOCKED_MAX && write(counts[1], "", 1) == 1; i++)
        subject->emit();
      _exit(0);
    }
  close(counts[1]);
  while (read(counts[0], &byte, 1) == 1)
    n_calls++;
  close(counts[0]);
  waitpid(child, NULL, 0);
  return n_calls - 1;
}

static void
_print_blocking(pid_t drain)
{
  kill(drain, SIGSTOP);
  printf("\nWith readers that are frozen, too:\n");
  for (gsize i = 1; i < G_N_ELEMENTS(subjects); i++)
    {
      gint n_calls = _count_until_blocked(&subjects[i]);
      if (n_calls < BLOCKED_MAX - 1)
        printf("%-34s blocks after %d calls, for more than %d s\n", subjects[i].title, n_calls,
               BLOCKED_SECONDS);
      else
        printf("%-34s does not block\n", subjects[i].title);
    }
}

/* --- the table -------------------------------------------------------------------------------- */

static void
_print(void)
{
  const BenchHistogram *accepted = &subjects[0].times;
  gdouble p99 = bench_histogram_get(accepted, 0.99);
  CdEmitterFigures figures;

  cd_emitter_get_figures(emitter, &figures);
  printf(
    "%d records/s of %d bytes for %d s, each, in turn: the emitter's log server is frozen, the\n"
    "readers of the others are not. %" G_GUINT64_FORMAT " accepted, %" G_GUINT64_FORMAT
    " wait, %" G_GUINT64_FORMAT " over the spool's limit.\n\n",
    rate, PLAIN_LENGTH, seconds, accepted->count, figures.targets[0].backlog,
    figures.targets[0].dropped);
  for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
    bench_histogram_print(&subjects[i].times, subjects[i].title);
  printf("%-34s p50 <= %.0f us, p99 <= %.0f us, p99.9 <= %.0f us\n",
         "the same by the emitter's figures",
         (gdouble) cd_histogram_get_quantile(&figures.accept_time, 0.5) / 1000,
         (gdouble) cd_histogram_get_quantile(&figures.accept_time, 0.99) / 1000,
         (gdouble) cd_histogram_get_quantile(&figures.accept_time, 0.999) / 1000);
  printf("\naccept p99: goal %d us %s\n", GOAL_US, p99 <= GOAL_US ? "ok" : "OVER");
  for (gsize i = 1; i < G_N_ELEMENTS(subjects); i++)
    printf("to %-31s p50 %.2f, p99 %.2f\n", subjects[i].title,
           bench_histogram_get(accepted, 0.5) / bench_histogram_get(&subjects[i].times, 0.5),
           p99 / bench_histogram_get(&subjects[i].times, 0.99));
}

/* Returns: the two arguments. */
static gchar **
_read_arguments(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new("URI PID");
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error) || argc != 3)
    {
      fprintf(stderr, "bench-accept: %s\n", error ? error->message : "a URI and a PID are wanted");
      exit(2);
    }
  return argv + 1;
}

int
main(int argc, char **argv)
{
  gchar **arguments = _read_arguments(argc, argv);
  pid_t server = atoi(arguments[1]);
  pid_t drain = bench_peers_start();

  bench_record_fill(&record);
  plain = g_strnfill(PLAIN_LENGTH, 'x');
  openlog("bench-accept", LOG_PID, LOG_DAEMON);
  _open_emitter(arguments[0]);
  if (kill(server, SIGSTOP) < 0)
    bench_die(arguments[1]);
  _run();
  _print();
  _print_blocking(drain);
  kill(server, SIGCONT);
  kill(drain, SIGKILL);
  waitpid(drain, NULL, 0);
  cd_emitter_free(emitter);
  g_free(plain);
  return 0;
}
