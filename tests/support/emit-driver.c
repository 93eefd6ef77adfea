/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An emitter in a main loop, under orders that come from standard input, one a line:
 *
 *   emit-driver [-d FOLDER] [-a AUTHORITY] URI...
 *
 *   accept COUNT RATE   so many records of 900 bytes, RATE of them a second, 0 for all it can;
 *                       says "accepted COUNT" with all there are so far
 *   tell                from now on says each record as soon as it is accepted: "is RUN SEQUENCE"
 *   arrive              waits until every target has all; says "arrived"
 *   figures             says "figures URI sent S repeated R dropped D backlog B reconnects N"
 *
 * The next order is read when one is done; at the end of them it ends. By itself it says each
 * trouble, with the time in seconds since 1970: "trouble TIME TEXT" and "well TIME TEXT", and how
 * long the pauses between attempts may be, in milliseconds: "pause LONGEST". SIGHUP ends them. */

#include "emit/emitter.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TICK_MS 10
#define LOOK_MS 20

/* Records in one turn of the loop, as many as a target sends in its turn. */
#define RECORDS_PER_TURN 64

/* With the rest of the message 900 bytes. */
#define DETAIL_LENGTH 564

typedef struct _Driver
{
  CdEmitter *emitter;
  GDataInputStream *orders;
  CdRecord record;
  guint64 n_accepted;
  guint64 n_wanted; /* at the end of the order */
  guint64 n_before; /* at its begin */
  gint64 begin;
  guint rate;
  gboolean is_telling;
  gboolean is_at_end;
} Driver;

static void _read_order(Driver *self);

static void G_GNUC_NORETURN
_fail(const gchar *what)
{
  fprintf(stderr, "emit-driver: %s\n", what);
  exit(1);
}

static void _say(const gchar *format, ...) G_GNUC_PRINTF(1, 2);

/* In one call, so that who kills it finds whole lines. */
static void
_say(const gchar *format, ...)
{
  g_autofree gchar *line = NULL;
  va_list args;

  va_start(args, format);
  line = g_strdup_vprintf(format, args);
  va_end(args);
  if (write(STDOUT_FILENO, line, strlen(line)) < 0)
    _fail("nobody listens");
}

/* In place of GLib's, for the emitter, so that the longest pause is known. */
gint32
g_random_int_range(gint32 begin, gint32 end)
{
  _say("pause %d\n", end - 1);
  return begin + (gint32) (g_random_int() % (guint32) (end - begin));
}

static void
_trouble(const gchar *what, gboolean is_well, gpointer user_data)
{
  _say("%s %.3f %s\n", is_well ? "well" : "trouble", (gdouble) g_get_real_time() / G_USEC_PER_SEC,
       what);
}

/* --- orders ----------------------------------------------------------------------------------- */

static void
_accept_one(Driver *self)
{
  guint32 sequence = cd_emitter_accept(self->emitter, &self->record);

  self->n_accepted++;
  if (self->is_telling)
    _say("is %s %u\n", cd_emitter_get_run_id(self->emitter), sequence);
}

/* How many are due by now. */
static guint64
_get_due(const Driver *self)
{
  gint64 passed = g_get_monotonic_time() - self->begin;

  if (self->rate == 0)
    return MIN(self->n_wanted, self->n_accepted + RECORDS_PER_TURN);
  return MIN(self->n_wanted, self->n_before + (guint64) passed * self->rate / G_USEC_PER_SEC);
}

static gboolean
_go_on_accepting(gpointer user_data)
{
  Driver *self = user_data;
  guint64 due = _get_due(self);

  while (self->n_accepted < due)
    _accept_one(self);
  if (self->n_accepted < self->n_wanted)
    return G_SOURCE_CONTINUE;
  _say("accepted %" G_GUINT64_FORMAT "\n", self->n_accepted);
  _read_order(self);
  return G_SOURCE_REMOVE;
}

static void
_accept(Driver *self, guint64 count, guint rate)
{
  self->n_before = self->n_accepted;
  self->n_wanted = self->n_accepted + count;
  self->rate = rate;
  self->begin = g_get_monotonic_time();
  if (rate)
    g_timeout_add(TICK_MS, _go_on_accepting, self);
  else
    g_idle_add_full(G_PRIORITY_DEFAULT, _go_on_accepting, self, NULL);
}

static gboolean
_look_whether_arrived(gpointer user_data)
{
  Driver *self = user_data;

  if (!cd_emitter_is_done(self->emitter))
    return G_SOURCE_CONTINUE;
  _say("arrived\n");
  _read_order(self);
  return G_SOURCE_REMOVE;
}

static void
_tell_figures(Driver *self)
{
  CdEmitterFigures figures;

  cd_emitter_get_figures(self->emitter, &figures);
  for (guint i = 0; i < figures.n_targets; i++)
    _say("figures %s sent %" G_GUINT64_FORMAT " repeated %" G_GUINT64_FORMAT
         " dropped %" G_GUINT64_FORMAT " backlog %" G_GUINT64_FORMAT
         " reconnects %" G_GUINT64_FORMAT "\n",
         figures.uris[i], figures.targets[i].sent, figures.targets[i].repeated,
         figures.targets[i].dropped, figures.targets[i].backlog, figures.targets[i].reconnects);
  _read_order(self);
}

static void
_follow(Driver *self, const gchar *order)
{
  guint64 count;
  guint rate;

  if (sscanf(order, "accept %" G_GUINT64_FORMAT " %u", &count, &rate) == 2)
    _accept(self, count, rate);
  else if (strcmp(order, "arrive") == 0)
    g_timeout_add(LOOK_MS, _look_whether_arrived, self);
  else if (strcmp(order, "figures") == 0)
    _tell_figures(self);
  else if (strcmp(order, "tell") == 0)
    {
      self->is_telling = TRUE;
      _read_order(self);
    }
  else
    _fail(order);
}

static void
_order_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
  Driver *self = user_data;
  g_autofree gchar *order = g_data_input_stream_read_line_finish(self->orders, result, NULL, NULL);

  if (order)
    _follow(self, order);
  else
    self->is_at_end = TRUE;
}

static void
_read_order(Driver *self)
{
  g_data_input_stream_read_line_async(self->orders, G_PRIORITY_DEFAULT, NULL, _order_read, self);
}

static gboolean
_retry(gpointer user_data)
{
  Driver *self = user_data;

  cd_emitter_retry(self->emitter);
  return G_SOURCE_CONTINUE;
}

/* --- the process ------------------------------------------------------------------------------ */

static gchar *folder;
static CdTargetTls tls;
static gchar **uris;

static const GOptionEntry options[] = {
  { "folder", 'd', 0, G_OPTION_ARG_FILENAME, &folder, NULL, NULL },
  { "authority", 'a', 0, G_OPTION_ARG_FILENAME, &tls.authority, NULL, NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &uris, NULL, NULL },
  { NULL },
};

static void
_read_arguments(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new("URI...");
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    _fail(error->message);
  if (!uris)
    _fail("a URI is wanted");
}

static void
_open(Driver *self)
{
  const CdEmitterOptions emitter = {
    .app_name = "emit-driver",
    .host = "workspace",
    .pen = CD_SENDER_PEN_EXAMPLE,
    .folder = folder,
    .uris = (const gchar *const *) uris,
    .tls = &tls,
    .trouble = _trouble,
    .user_data = self,
  };
  g_autoptr(GError) error = NULL;

  self->emitter = cd_emitter_new(&emitter, &error);
  if (!self->emitter)
    _fail(error->message);
}

int
main(int argc, char **argv)
{
  g_autofree gchar *detail = g_strnfill(DETAIL_LENGTH, 'x');
  g_autoptr(GInputStream) input = g_unix_input_stream_new(STDIN_FILENO, FALSE);
  Driver driver = { .orders = g_data_input_stream_new(input) };

  signal(SIGPIPE, SIG_IGN);
  _read_arguments(argc, argv);
  cd_record_set(&driver.record, CD_FIELD_DISCONNECT_REASON, CD_TEXT("network_error"));
  cd_record_set(&driver.record, CD_FIELD_DISCONNECT_DETAIL, cd_text_from_string(detail));
  _open(&driver);
  g_unix_signal_add(SIGHUP, _retry, &driver);
  _read_order(&driver);
  while (!driver.is_at_end)
    g_main_context_iteration(NULL, TRUE);
  cd_emitter_free(driver.emitter);
  g_object_unref(driver.orders);
  return 0;
}
