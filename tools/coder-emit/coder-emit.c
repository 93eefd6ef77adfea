/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "closing.h"
#include "complaint.h"
#include "objects.h"
#include "report.h"

#include "main/standard-files.h"

#include <errno.h>
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
_trouble(const gchar *what, gboolean is_well, gpointer user_data)
{
  cd_complain("%s", what);
}

/* Who forgets sends nothing. */
static const gchar *const *
_get_uris(const CdSettings *settings)
{
  static const gchar *const none[] = { NULL };

  return settings->forget ? none : (const gchar *const *) settings->uris;
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
    .uris = _get_uris(settings),
    .tls = &settings->tls,
    .trouble = _trouble,
    .user_data = self,
  };

  return cd_emitter_new(&options, error);
}

static CdExit
_finish(Program *self)
{
  guint seconds = (guint) self->settings->wait;

  return cd_report(self->emitter, self->settings,
                   cd_emitter_finish(self->emitter, seconds, self->stopped));
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
  if (error->domain == CD_TARGET_ERROR)
    return cd_settings_wrong_use("%s", error->message);
  cd_complain("%s; nothing was accepted", error->message);
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
  cd_complain("%s", error->message);
}

static void
_take_end(const GError *error, gpointer user_data)
{
  Program *self = user_data;

  self->is_at_end = TRUE;
  if (!error)
    return;
  self->n_wrong++;
  cd_complain("%s", error->message);
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

/* --- without a record ------------------------------------------------------------------------- */

static CdExit
_flush(Program *self)
{
  g_autoptr(GError) error = NULL;
  CdEmitterFigures figures;

  self->emitter = _open(self, &error);
  if (!self->emitter)
    return _failed(error);
  cd_emitter_get_figures(self->emitter, &figures);
  if (figures.n_targets == 0)
    cd_complain("%s keeps no record for any target", self->settings->folder);
  return _finish(self);
}

static CdExit
_forget(Program *self)
{
  g_autoptr(GError) error = NULL;

  self->emitter = _open(self, &error);
  return self->emitter ? cd_report_forgotten(self->emitter, self->settings) : _failed(error);
}

static CdExit
_print(const gchar *text)
{
  fputs(text, stdout);
  if (fflush(stdout) == 0 && !ferror(stdout))
    return CD_EXIT_DONE;
  if (errno != EPIPE)
    cd_complain("cannot write: %s", g_strerror(errno));
  return CD_EXIT_FAILED;
}

static CdExit
_print_help(void)
{
  g_autofree gchar *help = cd_settings_describe();

  return _print(help);
}

static CdExit
_run(Program *self)
{
  const CdSettings *settings = self->settings;

  if (settings->show_help)
    return _print_help();
  if (settings->show_version)
    return _print("coder-emit " PACKAGE_VERSION "\n");
  if (settings->forget)
    return _forget(self);
  if (settings->flush)
    return _flush(self);
  return settings->from_stdin ? _emit_stdin(self) : _emit_pairs(self);
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

int
main(int argc, char **argv)
{
  Program program = { 0 };
  CdExit status;

  if (argc < 1)
    return CD_EXIT_WRONG_USE;
  cd_standard_files_fill();
  setlocale(LC_CTYPE, "");
  program.settings = cd_settings_parse(argv);
  if (!program.settings)
    return CD_EXIT_WRONG_USE;
  program.stopped = g_cancellable_new();
  _watch_signals(&program);
  status = _run(&program);
  if (program.emitter)
    status = cd_report_closed(cd_emitter_close(program.emitter), program.settings, status);
  g_object_unref(program.stopped);
  return status;
}
