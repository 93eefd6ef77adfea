/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "closing.h"
#include "objects.h"
#include "settings.h"

#include "disconnect/detail.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* Lines from standard input that wait for a target at most, while targets are reached. */
#define BACKLOG_MAX 4096

/* Milliseconds between two looks whether the targets have caught up. */
#define CATCH_UP_INTERVAL 20

typedef struct _Program
{
  const CdSettings *settings;
  CdEmitter *emitter;
  CdObjects *objects;
  GCancellable *stopped; /* by a signal */
  gboolean is_at_end;
  gboolean is_slow; /* standard input waits for the targets */
  guint64 n_wrong;
  gint64 patience; /* until when it does */
} Program;

static void
_complain(const gchar *what)
{
  g_autoptr(GString) clean = g_string_new(NULL);

  cd_detail_append(clean, cd_text_from_string(what));
  fprintf(stderr, "coder-emit: %s\n", clean->str);
}

static void
_trouble(const gchar *what, gboolean is_well, gpointer user_data)
{
  _complain(what);
}

static CdEmitter *
_open(Program *self, GError **error)
{
  const CdSettings *settings = self->settings;
  const CdEmitterOptions options = {
    .app_name = settings->app_name,
    .host = settings->host,
    .pen = (guint) settings->pen,
    .folder = settings->folder,
    .uris = (const gchar *const *) settings->uris,
    .tls = &settings->tls,
    .trouble = _trouble,
    .user_data = self,
  };

  return cd_emitter_new(&options, error);
}

/* --- what did not arrive ---------------------------------------------------------------------- */

/* What becomes of records that have not arrived. */
static gchar *
_get_fate(const Program *self, const CdEmitterFigures *figures)
{
  const gchar *folder = self->settings->folder;

  if (!folder)
    return g_strdup("are lost, for want of --state-dir");
  if (figures->spool.in_memory)
    return g_strdup_printf("are lost, as far as %s cannot be written", folder);
  return g_strdup_printf("wait in %s", folder);
}

static void
_report_target(const gchar *uri, const CdFeedFigures *target, const gchar *fate)
{
  if (target->backlog)
    fprintf(stderr, "coder-emit: %s: %" G_GUINT64_FORMAT " records %s\n", uri, target->backlog,
            fate);
  if (target->refused)
    fprintf(stderr, "coder-emit: %s: %" G_GUINT64_FORMAT " records were refused\n", uri,
            target->refused);
  if (target->dropped)
    fprintf(stderr,
            "coder-emit: %s: %" G_GUINT64_FORMAT " records were dropped at the spool's limit\n",
            uri, target->dropped);
}

static CdExit
_report(const Program *self, gboolean is_done)
{
  CdEmitterFigures figures;
  gboolean all_sent = is_done;
  g_autofree gchar *fate = NULL;

  cd_emitter_get_figures(self->emitter, &figures);
  fate = _get_fate(self, &figures);
  for (guint i = 0; i < figures.n_targets; i++)
    {
      const CdFeedFigures *target = &figures.targets[i];
      all_sent &= target->refused == 0 && target->dropped == 0;
      if (!is_done || target->refused || target->dropped)
        _report_target(figures.uris[i], target, fate);
    }
  return all_sent ? CD_EXIT_DONE : CD_EXIT_FAILED;
}

static CdExit
_finish(Program *self)
{
  guint seconds = (guint) self->settings->wait;

  return _report(self, cd_emitter_flush(self->emitter, seconds, self->stopped));
}

/* --- key=value -------------------------------------------------------------------------------- */

static gboolean
_set_pair(CdClosing *closing, const gchar *pair, GError **error)
{
  const gchar *sign = strchr(pair, '=');
  CdText key = sign ? cd_text_between(pair, sign) : cd_text_from_string(pair);

  if (!sign)
    {
      g_set_error(error, CD_CLOSING_ERROR, CD_CLOSING_ERROR_KEY, "%s: not KEY=VALUE", pair);
      return FALSE;
    }
  return cd_closing_set(closing, key, cd_text_from_string(sign + 1), error);
}

static const CdRecord *
_read_pairs(CdClosing *closing, gchar **pairs, GError **error)
{
  for (; *pairs; pairs++)
    if (!_set_pair(closing, *pairs, error))
      return NULL;
  return cd_closing_finish(closing, error);
}

static CdExit
_failed(const GError *error)
{
  if (g_error_matches(error, CD_TARGET_ERROR, CD_TARGET_ERROR_URI))
    return cd_settings_wrong_use("%s", error->message);
  _complain(error->message);
  return CD_EXIT_FAILED;
}

static CdExit
_emit_pairs(Program *self)
{
  g_autoptr(CdClosing) closing = cd_closing_new();
  g_autoptr(GError) error = NULL;
  const CdRecord *record = _read_pairs(closing, self->settings->pairs, &error);

  if (!record)
    return cd_settings_wrong_use("%s", error->message);
  self->emitter = _open(self, &error);
  if (!self->emitter)
    return _failed(error);
  cd_emitter_accept(self->emitter, record);
  return _finish(self);
}

/* --- standard input --------------------------------------------------------------------------- */

/* A target that is away holds up nobody. */
static guint64
_get_backlog(const Program *self)
{
  CdEmitterFigures figures;
  guint64 backlog = 0;

  cd_emitter_get_figures(self->emitter, &figures);
  for (guint i = 0; i < figures.n_targets; i++)
    if (!figures.targets[i].is_in_trouble)
      backlog = MAX(backlog, figures.targets[i].waiting);
  return backlog;
}

static gboolean
_look_whether_caught_up(gpointer user_data)
{
  Program *self = user_data;

  if (_get_backlog(self) >= BACKLOG_MAX / 2 && g_get_monotonic_time() < self->patience)
    return G_SOURCE_CONTINUE;
  self->is_slow = FALSE;
  cd_objects_resume(self->objects);
  return G_SOURCE_REMOVE;
}

/* With a spool on disk there is no need. In all, the pipe waits as long as a target would be waited
 * for at the end. */
static void
_slow_down(Program *self)
{
  if (self->settings->folder || self->is_slow || _get_backlog(self) < BACKLOG_MAX)
    return;
  self->is_slow = TRUE;
  if (!self->patience)
    self->patience = g_get_monotonic_time() + (gint64) self->settings->wait * G_USEC_PER_SEC;
  cd_objects_pause(self->objects);
  g_timeout_add(CATCH_UP_INTERVAL, _look_whether_caught_up, self);
}

static void
_take_object(const CdRecord *record, const GError *error, gpointer user_data)
{
  Program *self = user_data;

  if (record)
    {
      cd_emitter_accept(self->emitter, record);
      _slow_down(self);
      return;
    }
  self->n_wrong++;
  _complain(error->message);
}

static void
_take_end(const GError *error, gpointer user_data)
{
  Program *self = user_data;

  self->is_at_end = TRUE;
  if (!error)
    return;
  self->n_wrong++;
  _complain(error->message);
}

static CdExit
_emit_stdin(Program *self)
{
  g_autoptr(GInputStream) stream = g_unix_input_stream_new(STDIN_FILENO, FALSE);
  g_autoptr(CdObjects) objects = cd_objects_new(stream, _take_object, _take_end, self);
  g_autoptr(GError) error = NULL;
  CdExit status;

  self->emitter = _open(self, &error);
  if (!self->emitter)
    return _failed(error);
  self->objects = objects;
  cd_objects_resume(objects);
  while (!self->is_at_end && !g_cancellable_is_cancelled(self->stopped))
    g_main_context_iteration(NULL, TRUE);
  status = _finish(self);
  return self->n_wrong ? CD_EXIT_WRONG_USE : status;
}

static CdExit
_flush(Program *self)
{
  g_autoptr(GError) error = NULL;

  self->emitter = _open(self, &error);
  return self->emitter ? _finish(self) : _failed(error);
}

static CdExit
_print_version(void)
{
  printf("coder-emit %s\n", PACKAGE_VERSION);
  return fflush(stdout) == 0 ? CD_EXIT_DONE : CD_EXIT_FAILED;
}

static CdExit
_run(Program *self)
{
  if (self->settings->show_version)
    return _print_version();
  if (self->settings->from_stdin)
    return _emit_stdin(self);
  return self->settings->flush ? _flush(self) : _emit_pairs(self);
}

/* --- the process ------------------------------------------------------------------------------ */

static gboolean
_stop(gpointer user_data)
{
  Program *self = user_data;

  g_cancellable_cancel(self->stopped);
  return G_SOURCE_CONTINUE;
}

static gboolean
_retry(gpointer user_data)
{
  Program *self = user_data;

  if (self->emitter)
    cd_emitter_retry(self->emitter);
  return G_SOURCE_CONTINUE;
}

/* What a broken pipe or a limit on files means, the calls themselves say. */
static void
_watch_signals(Program *self)
{
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  g_unix_signal_add(SIGTERM, _stop, self);
  g_unix_signal_add(SIGINT, _stop, self);
  g_unix_signal_add(SIGHUP, _retry, self);
}

/* Else a file of the spool would become standard input or standard error. */
static void
_fill_standard_descriptors(void)
{
  gint fd;

  do
    fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0)
    close(fd);
}

int
main(int argc, char **argv)
{
  Program program = { 0 };
  CdExit status;

  if (argc < 1)
    return CD_EXIT_WRONG_USE;
  _fill_standard_descriptors();
  setlocale(LC_CTYPE, "");
  program.settings = cd_settings_parse(argv);
  if (!program.settings)
    return CD_EXIT_WRONG_USE;
  program.stopped = g_cancellable_new();
  _watch_signals(&program);
  status = _run(&program);
  g_clear_pointer(&program.emitter, cd_emitter_free);
  g_object_unref(program.stopped);
  return status;
}
