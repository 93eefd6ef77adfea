/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/agent.h"

#include "agent/metrics-server.h"
#include "agent/metrics.h"
#include "agent/notify.h"
#include "agent/settings-check.h"
#include "agent/signals.h"
#include "disconnect/detail.h"
#include "emit/metrics.h"
#include "emit/target-uri.h"
#include "net/address.h"
#include "net/default-address.h"
#include "process/child.h"
#include "pty/server.h"

#include <signal.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define PROGRAM "coder-agentd"

/* Seconds from the first signal to the end of all patience, and then for the records to go out. */
#define GRACE 5
#define FLUSH 3

struct _CdAgent
{
  const CdOptions *options;
  const CdSettings *settings;
  CdInherited *inherited;
  CdUser *user;
  GMainLoop *loop;
  CdSignals *signals;
  GSource *orphans;
  CdEmitter *emitter;
  CdPtyHost host;
  CdPtyServer *server;
  CdMetricsServer *metrics; /* NULL where there is none */
  CdNotify *notify;
  GString *addresses; /* where PTYs are served */
  guint grace;
  guint n_signals; /* that ask for the end */
  GCancellable *hurry;
};

/* --- settings --------------------------------------------------------------------------------- */

static void
_apply_settings(CdAgent *self, const CdSettings *settings)
{
  CdPtySettings *pty = &self->host.settings;

  cd_pty_settings_init(pty);
  pty->idle_timeout_ms = (guint) cd_settings_get_number(settings, CD_SETTING_PTY_IDLE_TIMEOUT)
                         * 1000;
  pty->sleep_timeout_ms = (guint) cd_settings_get_number(settings, CD_SETTING_PTY_SLEEP) * 1000;
  pty->max_sessions = (guint) cd_settings_get_number(settings, CD_SETTING_MAX_SESSIONS);
  pty->max_connections = (guint) cd_settings_get_number(settings, CD_SETTING_MAX_CONNECTIONS);
  pty->with_token = cd_settings_get_switch(settings, CD_SETTING_SESSION_TOKEN);
  cd_pty_host_find_backend(&self->host, cd_settings_get_text(settings, CD_SETTING_PTY_BACKEND),
                           &pty->backend);
  cd_pty_server_set_trust_loopback(self->server,
                                   cd_settings_get_switch(settings, CD_SETTING_TRUST_LOOPBACK));
}

static void
_name_what_stays(const CdAgent *self, const CdSettings *settings)
{
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    if (cd_setting_get_info(i)->is_fixed && !cd_settings_agree(self->settings, settings, i))
      g_warning("%s has another value now, which needs a restart", cd_setting_get_info(i)->name);
}

static void
_refuse_settings(const GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    {
      g_autoptr(GString) clean = g_string_new(NULL);

      cd_detail_append_words(clean, cd_text_from_string(g_ptr_array_index(problems, i)));
      g_warning("%s", clean->str);
    }
  g_warning("the settings stay as they were");
}

static void
_reload(CdAgent *self)
{
  g_autoptr(CdSettings) settings = NULL;

  cd_notify_reloading(self->notify);
  settings = cd_settings_new(self->options);
  cd_settings_check(settings);
  if (cd_settings_get_problems(settings)->len)
    _refuse_settings(cd_settings_get_problems(settings));
  else
    {
      _name_what_stays(self, settings);
      _apply_settings(self, settings);
      g_message("the settings were read again");
    }
  cd_notify_ready(self->notify);
}

static void
_on_hang_up(CdAgent *self)
{
  if (self->n_signals == 0)
    _reload(self);
  cd_emitter_retry(self->emitter);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void
_on_server_closed(gpointer user_data)
{
  CdAgent *self = user_data;

  g_main_loop_quit(self->loop);
}

static void
_stop_at_once(CdAgent *self)
{
  cd_pty_server_abort(self->server);
  g_main_loop_quit(self->loop);
}

static gboolean
_on_grace_over(gpointer user_data)
{
  CdAgent *self = user_data;

  g_message("not all sessions and clients have ended in %d s, the rest is cut off", GRACE);
  self->grace = 0;
  _stop_at_once(self);
  return G_SOURCE_REMOVE;
}

static void
_stop_in_order(CdAgent *self)
{
  cd_notify_stopping(self->notify);
  self->grace = g_timeout_add_seconds(GRACE, _on_grace_over, self);
  cd_pty_server_close(self->server, _on_server_closed, self);
}

static void
_on_signal(gint signal_number, gpointer user_data)
{
  CdAgent *self = user_data;

  if (signal_number == SIGHUP)
    _on_hang_up(self);
  else if (self->n_signals++ == 0)
    _stop_in_order(self);
  else if (self->n_signals == 2)
    {
      g_cancellable_cancel(self->hurry);
      _stop_at_once(self);
    }
}

/* --- the begin -------------------------------------------------------------------------------- */

static void
_describe(GString *text, gpointer user_data)
{
  const CdAgent *self = user_data;
  const CdPtyFigures *figures = &self->host.figures;

  g_string_append_printf(text, "Serving terminals at %s; sessions: %u, connections: %u",
                         self->addresses->str, figures->n_sessions, figures->n_connections);
}

static void
_on_emitter_trouble(const gchar *what, gboolean is_well, gpointer user_data)
{
  if (is_well)
    g_message("%s", what);
  else
    g_warning("%s", what);
}

static const gchar *const *
_get_uris(const CdSettings *settings)
{
  const gchar *const *uris = cd_settings_get_list(settings, CD_SETTING_SYSLOG);

  return *uris ? uris : cd_target_get_default_uris();
}

static gboolean
_open_emitter(CdAgent *self, GError **error)
{
  const CdTargetTls tls = cd_settings_get_tls(self->settings);
  const CdEmitterOptions options = {
    .app_name = PROGRAM,
    .host = cd_settings_get_text(self->settings, CD_SETTING_HOST),
    .pen = (guint) cd_settings_get_number(self->settings, CD_SETTING_PEN),
    .folder = cd_settings_get_text(self->settings, CD_SETTING_STATE_DIR),
    .uris = _get_uris(self->settings),
    .tls = &tls,
    .trouble = _on_emitter_trouble,
    .user_data = self,
  };

  self->emitter = cd_emitter_new(&options, error);
  return self->emitter != NULL;
}

static gboolean
_listen_at(CdAgent *self, const gchar *text, GError **error)
{
  g_autoptr(GSocketAddress) address = cd_address_parse(text, error);
  const gchar *taken;

  if (!address)
    return FALSE;
  if (!cd_address_is_local(address))
    g_warning("%s can be reached from other machines, and the protocol has no authentication",
              text);
  taken = cd_pty_server_listen(self->server, address, error);
  if (!taken)
    return FALSE;
  g_string_append_printf(self->addresses, "%s%s", self->addresses->len ? "," : "", taken);
  return TRUE;
}

/* Of the default socket; a folder that is there already is taken as it is. */
static gboolean
_make_folder(const gchar *path, GError **error)
{
  g_autofree gchar *folder = g_path_get_dirname(path);

  if (g_mkdir_with_parents(folder, 0700) == 0)
    return TRUE;
  g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_FAILED, "%s cannot be made: %s", folder,
              g_strerror(errno));
  return FALSE;
}

static gboolean
_listen(CdAgent *self, GError **error)
{
  const gchar *const *list = cd_settings_get_list(self->settings, CD_SETTING_PTY_LISTEN);
  g_autofree gchar *standard = NULL;

  if (!*list)
    {
      standard = cd_default_address(self->user->uid, "pty");
      return _make_folder(standard + strlen("unix:"), error) && _listen_at(self, standard, error);
    }
  for (; *list; list++)
    if (!_listen_at(self, *list, error))
      return FALSE;
  return TRUE;
}

static void
_write_metrics(GString *out, gpointer user_data)
{
  const CdAgent *self = user_data;
  CdEmitterFigures figures;

  cd_emitter_get_figures(self->emitter, &figures);
  cd_agent_metrics_append(out, &self->host.figures);
  cd_metrics_append(out, &figures);
}

/* An agent that was not asked for metrics serves terminals without them as well. */
static gboolean
_open_metrics(CdAgent *self, GError **error)
{
  const gchar *address = cd_settings_get_metrics_address(self->settings);
  g_autoptr(GError) why = NULL;

  if (!address)
    return TRUE;
  self->metrics = cd_metrics_server_new(address, _write_metrics, self, &why);
  if (self->metrics)
    return TRUE;
  if (!cd_settings_is_given(self->settings, CD_SETTING_PROMETHEUS_ADDRESS))
    {
      g_warning("no metrics are served: %s", why->message);
      return TRUE;
    }
  g_propagate_prefixed_error(error, g_steal_pointer(&why), "prometheus-address: ");
  return FALSE;
}

CdAgent *
cd_agent_new(const CdOptions *options, const CdSettings *settings, CdInherited *inherited,
             GError **error)
{
  g_autoptr(CdAgent) self = g_new0(CdAgent, 1);

  self->options = options;
  self->settings = settings;
  self->inherited = inherited;
  self->user = cd_user_new();
  self->loop = g_main_loop_new(NULL, FALSE);
  self->hurry = g_cancellable_new();
  self->addresses = g_string_new(NULL);
  self->notify = cd_notify_new(_describe, self);
  self->signals = cd_signals_new(_on_signal, self);
  self->orphans = cd_child_reap_orphans();
  if (!_open_emitter(self, error))
    return NULL;
  self->host.emitter = self->emitter;
  self->host.user = self->user;
  self->host.inherited = inherited;
  self->server = cd_pty_server_new(&self->host, FALSE);
  _apply_settings(self, self->settings);
  return _listen(self, error) && _open_metrics(self, error) ? g_steal_pointer(&self) : NULL;
}

static void
_close_emitter(CdAgent *self)
{
  guint64 lost = self->emitter ? cd_emitter_close(self->emitter) : 0;

  self->emitter = NULL;
  if (lost)
    g_warning("%" G_GUINT64_FORMAT " records are lost: nothing keeps them when the agent ends",
              lost);
}

void
cd_agent_free(CdAgent *self)
{
  g_clear_handle_id(&self->grace, g_source_remove);
  g_clear_pointer(&self->metrics, cd_metrics_server_free);
  g_clear_pointer(&self->server, cd_pty_server_free);
  _close_emitter(self);
  if (self->orphans)
    g_source_destroy(self->orphans);
  g_clear_pointer(&self->orphans, g_source_unref);
  cd_signals_free(self->signals);
  cd_notify_free(self->notify);
  g_string_free(self->addresses, TRUE);
  g_object_unref(self->hurry);
  g_main_loop_unref(self->loop);
  cd_user_free(self->user);
  g_free(self);
}

/* --- in between ------------------------------------------------------------------------------- */

static void
_say_ready(CdAgent *self)
{
  printf("ready pty=%s", self->addresses->str);
  if (self->metrics && cd_settings_is_given(self->settings, CD_SETTING_PROMETHEUS_ADDRESS))
    printf(" prometheus=%s", cd_metrics_server_get_address(self->metrics));
  printf("\n");
  fflush(stdout);
  cd_notify_ready(self->notify);
}

CdExit
cd_agent_run(CdAgent *self)
{
  _say_ready(self);
  g_main_loop_run(self->loop);
  cd_emitter_finish(self->emitter, FLUSH, self->hurry);
  return CD_EXIT_DONE;
}
