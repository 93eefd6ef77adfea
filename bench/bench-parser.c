/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a parser adds to a message, in process: median nanoseconds on one core.
 *
 * Messages are made before and freed after the clock runs, a chunk at a time, so that they are in
 * the cache as those that a source has just read.  All subjects take turns in every round, so that
 * a busy machine hurts them alike; what an empty path costs is taken off. */

#include "bench-path.h"
#include "bench-pipes.h"
#include "clock.h"

#include "scratch-buffers.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#define REASON "disconnect_reason"

typedef struct _Subject
{
  const gchar *title;
  const gchar *objects; /* of parsers.conf, in the order of the path */
  const gchar *message; /* of messages.txt */
  const gchar *reason;  /* that it has to find; NULL where it has to find none */
  guint goal;           /* nanoseconds; 0 for those without */
  gboolean write_protected;
  gboolean is_floor; /* not the objects, but only the setting of what they set */
} Subject;

/* The first costs what the loop costs; the second is what all are compared with. */
enum
{
  SUBJECT_EMPTY,
  SUBJECT_KV,
};

/* clang-format off */
static const Subject subjects[] = {
  { "empty path", "", "sdata", NULL, 0 },
  { "kv-parser, the same fields as text", "p_kv", "kv", "network_error", 0 },

  { "disconnect in structured data", "p_coder", "sdata", "network_error", 550 },
  { "the same, copied on write", "p_coder", "sdata", "network_error", 950, TRUE },
  { "the same, duplicate-window(0)", "p_coder_every", "sdata", "network_error", 0 },
  { "the same without a detail", "p_coder", "sdata-graceful", "graceful", 550 },
  { "slog human disconnect", "p_coder", "human", "graceful", 1200 },
  { "slog JSON disconnect", "p_coder", "json", "graceful", 0 },
  { "formats(sdata): timeQuality only", "p_coder_sdata", "time-quality", NULL, 25 },
  { "formats(sdata): no structured data", "p_coder_sdata", "sshd", NULL, 25 },
  { "all formats: 250 bytes of sshd", "p_coder", "sshd", NULL, 80 },
  { "all formats: sshd's disconnect", "p_coder", "sshd-disconnect", NULL, 80 },
  { "all formats: 250 bytes of kernel", "p_coder", "kernel", NULL, 80 },
  { "all formats: 250 bytes of nginx", "p_coder", "nginx", NULL, 80 },
  { "all formats: 250 bytes of JSON", "p_coder", "nginx-json", NULL, 0 },
  { "slog human, no disconnect", "p_coder", "human-other", NULL, 0 },
  { "slog JSON, no disconnect", "p_coder", "json-other", NULL, 0 },

  { "only setting its pairs and tags", "p_coder", "sdata", "network_error", .is_floor = TRUE },
  { "the same, copied on write", "p_coder", "sdata", "network_error", .is_floor = TRUE,
    .write_protected = TRUE },
  { "only setting those of slog human", "p_coder", "human", "graceful", .is_floor = TRUE },

  { "rewrites over structured data", "f_sdata r_sdata", "sdata", "network_error", 0 },
  { "rewrites, copied on write", "f_sdata r_sdata", "sdata", "network_error",
    .write_protected = TRUE },
  { "kv-parser over structured data", "p_kv_sdata", "sdata", "network_error", 0 },
  { "kv-parser on the slog human line", "p_kv", "human", "graceful", 0 },
  { "kv-parser on 250 bytes of sshd", "p_kv", "sshd", NULL, 0 },
  { "json-parser, the same fields", "p_json", "json-flat", "network_error", 0 },
  { "json-parser on the slog JSON line", "p_json_fields", "json", "graceful", 0 },
  { "csv-parser, the same fields", "p_csv", "csv", "network_error", 0 },
  { "db-parser on the slog human line", "p_db", "human", "graceful", 0 },
};
/* clang-format on */

typedef struct _Run
{
  const Subject *subject;
  LogPipe *head;
  GArray *costs; /* nanoseconds for each message, one for each round */
  guint n_pairs;
  guint n_tags;
} Run;

static gint rounds = 200;
static gint batch_size = 1000;
static gint chunk_size = 100;
static gchar *only;

static const GOptionEntry options[] = {
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &rounds, "rounds over all subjects [200]", "N" },
  { "batch", 'b', 0, G_OPTION_ARG_INT, &batch_size, "messages of a subject in a round [1000]",
    "N" },
  { "chunk", 'c', 0, G_OPTION_ARG_INT, &chunk_size, "messages that live at the same time [100]",
    "N" },
  { "only", 'o', 0, G_OPTION_ARG_STRING, &only, "only subjects with such a title", "PATTERN" },
  { NULL },
};

static BenchSink *sink;
static LogMessage **chunk;
static Run runs[G_N_ELEMENTS(subjects)];

static LogMessage *
_new_message(const Subject *subject)
{
  LogMessage *message = bench_message_new(subject->message);

  if (subject->write_protected)
    log_msg_write_protect(message);
  return message;
}

/* Sends the chunk as a source does, buffers reclaimed after each message. */
static gdouble
_send_chunk(LogPipe *head, gint n_messages)
{
  LogPathOptions path_options = LOG_PATH_OPTIONS_INIT_NOACK;
  gdouble start = bench_clock_cpu();

  for (gint i = 0; i < n_messages; i++)
    {
      ScratchBuffersMarker mark;
      scratch_buffers_mark(&mark);
      log_pipe_queue(head, chunk[i], &path_options);
      scratch_buffers_reclaim_marked(mark);
    }
  return bench_clock_cpu() - start;
}

static void
_measure(Run *run)
{
  gdouble cost = 0;

  for (gint left = batch_size; left > 0; left -= chunk_size)
    {
      gint n_messages = MIN(left, chunk_size);
      for (gint i = 0; i < n_messages; i++)
        chunk[i] = _new_message(run->subject);
      cost += _send_chunk(run->head, n_messages);
      bench_sink_empty(sink);
      scratch_buffers_explicit_gc();
    }
  cost /= batch_size;
  g_array_append_val(run->costs, cost);
}

static void
_measure_all(void)
{
  for (gint round = 0; round < rounds; round++)
    for (guint i = 0; i < G_N_ELEMENTS(runs); i++)
      if (runs[i].subject)
        _measure(&runs[i]);
}

/* Sends one message to the sink and returns it there. */
static LogMessage *
_send_one(const Subject *subject, LogPipe *head)
{
  LogPathOptions path_options = LOG_PATH_OPTIONS_INIT_NOACK;

  log_pipe_queue(head, _new_message(subject), &path_options);
  if (sink->n_arrived != 1)
    bench_die("\"%s\" lost its message", subject->title);
  return sink->arrived[0];
}

static gboolean
_has_reason(const LogMessage *message, const gchar *name, const gchar *wanted)
{
  gssize length;
  const gchar *found = log_msg_get_value_by_name(message, name, &length);

  return (gsize) length == strlen(wanted) && memcmp(found, wanted, (gsize) length) == 0;
}

/* A subject that fails fast would win: what it finds is looked at before it is measured. */
static void
_check(Run *run)
{
  const Subject *subject = run->subject;
  const gchar *wanted = subject->reason ? subject->reason : "";
  const LogMessage *message = _send_one(subject, run->head);

  if (!_has_reason(message, BENCH_PREFIX REASON, wanted)
      && !_has_reason(message, BENCH_OTHER_PREFIX REASON, wanted))
    bench_die("\"%s\" has not found the reason \"%s\"", subject->title, wanted);
  run->n_pairs = bench_count_pairs(message);
  run->n_tags = bench_count_tags(message);
  bench_sink_empty(sink);
}

static LogPipe *
_new_path(const Subject *subject)
{
  LogPipe *head = bench_path_new(subject->objects, &sink->super);
  LogPipe *setter;

  if (!subject->is_floor)
    return head;
  setter = bench_setter_new(_send_one(subject, head));
  bench_sink_empty(sink);
  return bench_path_new_own(setter, &sink->super);
}

static gboolean
_is_wanted(const Subject *subject)
{
  return !only || subject <= &subjects[SUBJECT_KV] || g_pattern_match_simple(only, subject->title);
}

static void
_prepare(void)
{
  sink = bench_sink_new((guint) chunk_size);
  chunk = g_new0(LogMessage *, chunk_size);
  for (guint i = 0; i < G_N_ELEMENTS(subjects); i++)
    if (_is_wanted(&subjects[i]))
      {
        runs[i].subject = &subjects[i];
        runs[i].head = subjects[i].objects[0] ? _new_path(&subjects[i]) : &sink->super;
        runs[i].costs = g_array_new(FALSE, FALSE, sizeof(gdouble));
        _check(&runs[i]);
      }
}

static void
_free_all(void)
{
  for (guint i = 0; i < G_N_ELEMENTS(runs); i++)
    g_clear_pointer(&runs[i].costs, g_array_unref);
  g_free(chunk);
  bench_sink_free(sink);
  g_free(only);
}

static gint
_compare(gconstpointer a, gconstpointer b)
{
  gdouble left = *(const gdouble *) a;
  gdouble right = *(const gdouble *) b;

  return (left > right) - (left < right);
}

static gdouble
_median(GArray *costs)
{
  g_array_sort(costs, _compare);
  return g_array_index(costs, gdouble, costs->len / 2);
}

static void
_print_row(const Run *run, gdouble cost, gdouble ratio)
{
  const Subject *subject = run->subject;

  printf("%-36s %5u %5u %7.0f %7.2f", subject->title, run->n_pairs, run->n_tags, cost, ratio);
  if (subject->goal)
    printf(" %6u  %s", subject->goal, cost <= subject->goal ? "ok" : "OVER");
  putchar('\n');
}

static void
_print_table(void)
{
  gdouble empty = _median(runs[SUBJECT_EMPTY].costs);
  gdouble kv = _median(runs[SUBJECT_KV].costs) - empty;

  printf(
    "Nanoseconds added to a message: median of %d rounds of %d messages, %d at a time, less %.1f\n"
    "for an empty path.  Pairs and tags are those it sets, \"to kv\" is the ratio to the first\n"
    "row.\n\n%-36s %5s %5s %7s %7s %6s\n",
    rounds, batch_size, chunk_size, empty, "", "pairs", "tags", "ns", "to kv", "goal");
  for (guint i = SUBJECT_KV; i < G_N_ELEMENTS(runs); i++)
    if (runs[i].subject)
      {
        gdouble cost = _median(runs[i].costs) - empty;
        _print_row(&runs[i], cost, cost / kv);
      }
}

/* Returns the folder. */
static const gchar *
_read_arguments(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new("FOLDER");
  g_autoptr(GError) error = NULL;

  g_option_context_set_summary(
    context, "Measures what parsers add to a message. FOLDER has parsers.conf and messages.txt;\n"
             "CODER_MODULE_PATH in the environment is where syslog-ng finds its modules.");
  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    bench_die("%s", error->message);
  if (!g_getenv("CODER_MODULE_PATH"))
    bench_die("CODER_MODULE_PATH is not set; \"make bench-parser\" sets it");
  if (argc != 2 || rounds < 1 || batch_size < 1 || chunk_size < 1)
    bench_die("%s", g_option_context_get_help(context, TRUE, NULL));
  return argv[1];
}

/* A chunk that is freed must not go back to the kernel only to be fetched again. */
static void
_keep_memory(void)
{
  mallopt(M_TRIM_THRESHOLD, G_MAXINT);
  mallopt(M_TOP_PAD, 64 * 1024 * 1024);
  mallopt(M_MMAP_THRESHOLD, G_MAXINT);
}

int
main(int argc, char **argv)
{
  _keep_memory();
  bench_start(_read_arguments(argc, argv));
  _prepare();
  _measure_all();
  _print_table();
  _free_all();
  bench_stop();
  return 0;
}
