/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a record costs its sender: formatting alone, and with handing it to the kernel, beside
 * syslog(3) with a plain message of the same length and sd_journal_send(3) with the same fields.
 *
 * All write to datagram sockets of our own that a child process drains: the program enters a mount
 * namespace, in which it is /dev/log and the journal. CPU of this thread is what is measured, so
 * that a full socket, for which a sender waits, costs nothing; rounds go in turn. */

#include "clock.h"
#include "peers.h"

#include "emit/sender.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <syslog.h>

#define GOAL 500000

static gint rounds = 40;
static gint batch = 5000;

static const GOptionEntry options[] = {
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &rounds, "rounds over all subjects [40]", "N" },
  { "batch", 'b', 0, G_OPTION_ARG_INT, &batch, "records in a round [5000]", "N" },
  { NULL },
};

static CdRecord record;
static CdSender *sender;
static GString *line;
static gchar *plain;
static gint log_socket;

typedef struct _Subject
{
  const gchar *title;
  void (*emit)(void);
  GArray *costs; /* nanoseconds for each record, one for each round */
} Subject;

static void
_format(void)
{
  g_string_truncate(line, 0);
  cd_sender_append_record(sender, line, &record, g_get_real_time());
}

static void
_wait_for_room(gint fd)
{
  struct pollfd waiting = { fd, POLLOUT, 0 };

  poll(&waiting, 1, -1);
}

static void
_format_and_send(void)
{
  _format();
  while (send(log_socket, line->str, line->len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    {
      if (errno != EAGAIN)
        bench_die("send");
      _wait_for_room(log_socket);
    }
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
  bench_journal_send(cd_sender_get_run_id(sender));
}
#endif

static Subject subjects[] = {
  { "formatting alone", _format, NULL },
  { "formatting and send(2)", _format_and_send, NULL },
  { "syslog(3), a plain message", _syslog, NULL },
#ifdef HAVE_LIBSYSTEMD
  { "sd_journal_send(3), the same fields", _journal_send, NULL },
#endif
};

/* --- measuring -------------------------------------------------------------------------------- */

static void
_measure(Subject *subject)
{
  gdouble start = bench_clock_cpu();
  gdouble cost;

  for (gint i = 0; i < batch; i++)
    subject->emit();
  cost = (bench_clock_cpu() - start) / batch;
  g_array_append_val(subject->costs, cost);
}

static gint
_compare(gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

static gdouble
_median(GArray *costs)
{
  g_array_sort(costs, _compare);
  return g_array_index(costs, gdouble, costs->len / 2);
}

static void
_make_record(void)
{
  sender = cd_sender_new("bench-emit", CD_SENDER_PEN_EXAMPLE);
  line = g_string_new(NULL);
  bench_record_fill(&record);
  _format();
  plain = g_strnfill(line->len, 'x');
}

static void
_print(void)
{
  gdouble plain_rate = 1e9 / _median(subjects[2].costs);

  printf("A record of %" G_GSIZE_FORMAT " bytes with 20 parameters: median of %d rounds of %d.\n\n",
         line->len, rounds, batch);
  printf("%-38s %8s %12s %12s\n", "", "ns", "records/s", "to syslog(3)");
  for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
    {
      gdouble rate = 1e9 / _median(subjects[i].costs);
      printf("%-38s %8.0f %12.0f %12.2f", subjects[i].title, 1e9 / rate, rate, rate / plain_rate);
      if (i == 0)
        printf("   goal %d %s", GOAL, rate >= GOAL ? "ok" : "UNDER");
      printf("\n");
    }
}

int
main(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  pid_t drain;

  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    {
      fprintf(stderr, "bench-emit: %s\n", error->message);
      return 2;
    }
  _make_record();
  drain = bench_peers_start();
  log_socket = bench_peers_connect_log();
  openlog("bench-emit", LOG_PID, LOG_DAEMON);
  for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
    subjects[i].costs = g_array_new(FALSE, FALSE, sizeof(gdouble));
  for (gint round = 0; round < rounds; round++)
    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
      _measure(&subjects[i]);
  kill(drain, SIGKILL);
  waitpid(drain, NULL, 0);
  _print();
  return 0;
}
