/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pty/server.h"

#include "net/listener.h"
#include "net/socket.h"
#include "pty/go-json.h"
#include "pty/session.h"

#include <sys/socket.h>
#include <unistd.h>

/* Connections over the limit that are let in to be told so. */
#define OVER_LIMIT_MAX 64

/* Between two lines of the log about connections that were refused. */
#define REFUSALS_PAUSE G_USEC_PER_SEC

struct _CdPtyServer
{
  CdPtyHost *host;
  gboolean trust_loopback;
  GPtrArray *listeners;
  GQueue clients;
  GHashTable *sessions; /* id to CdPtySession, those that can be joined */
  GHashTable *all;      /* set of CdPtySession, those that have yet to end too */
  gint64 refusal_told;  /* monotonic time; 0 for never */
  guint n_untold;       /* refusals since then */
  CdPtyServerClosed closed;
  gpointer user_data;
};

static void
_look_whether_closed(CdPtyServer *self)
{
  CdPtyServerClosed closed = self->closed;

  if (!closed || self->clients.length > 0 || g_hash_table_size(self->all) > 0)
    return;
  self->closed = NULL;
  closed(self->user_data);
}

/* --- sessions --------------------------------------------------------------------------------- */

static void
_on_session_closing(CdPtySession *session, gpointer owner)
{
  CdPtyServer *self = owner;
  const gchar *id = cd_pty_session_get_id(session);

  if (g_hash_table_lookup(self->sessions, id) == session)
    g_hash_table_remove(self->sessions, id);
}

static void
_on_session_done(CdPtySession *session, gpointer owner)
{
  CdPtyServer *self = owner;

  g_hash_table_remove(self->all, session);
  self->host->figures.n_sessions = g_hash_table_size(self->all);
  _look_whether_closed(self);
}

static const CdPtySessionEvents session_events = {
  .closing = _on_session_closing,
  .done = _on_session_done,
};

static CdPtySession *
_start_session(CdPtyServer *self, const CdPtyInit *init, GError **error)
{
  CdPtySession *session = cd_pty_session_new(self->host, init, &session_events, self, error);

  if (!session)
    return NULL;
  g_hash_table_insert(self->sessions, (gpointer) cd_pty_session_get_id(session), session);
  g_hash_table_add(self->all, session);
  self->host->figures.n_sessions = g_hash_table_size(self->all);
  return session;
}

/* --- clients ---------------------------------------------------------------------------------- */

/* Tells a client why it cannot have a session, and closes in order. */
static void
_turn_away(CdPtyClient *client, CdCause cause, const gchar *why)
{
  CdEvidence evidence = cd_pty_client_get_evidence(client);

  evidence.cause = cause;
  evidence.text = cd_text_from_string(why);
  cd_pty_client_note_end(client, &evidence);
  cd_pty_client_enter(client, CD_PTY_CLIENT_LINGERING);
}

static gboolean
_check_limits(const CdPtyServer *self, CdPtyClient *client)
{
  const CdPtySettings *settings = &self->host->settings;
  g_autofree gchar *why = NULL;

  if (client->is_over_limit)
    why = g_strdup_printf("connection limit of %u reached", settings->max_connections);
  else if (!g_hash_table_contains(self->sessions, client->init->id)
           && g_hash_table_size(self->all) >= settings->max_sessions)
    why = g_strdup_printf("session limit of %u reached", settings->max_sessions);
  if (!why)
    return TRUE;
  _turn_away(client, CD_CAUSE_LIMIT_REACHED, why);
  return FALSE;
}

static void
_on_greeted(CdPtyClient *client, gpointer owner)
{
  CdPtyServer *self = owner;
  CdPtySession *session = g_hash_table_lookup(self->sessions, client->init->id);
  g_autoptr(GError) error = NULL;

  if (!_check_limits(self, client))
    return;
  if (!session)
    session = _start_session(self, client->init, &error);
  if (session)
    cd_pty_session_attach(session, client);
  else
    _turn_away(client, CD_CAUSE_START_FAILED, error->message);
}

static void
_on_sized(CdPtyClient *client, gpointer owner)
{
  cd_pty_session_resize(client->session, client);
}

static gsize
_on_typed(CdPtyClient *client, CdText input, gpointer owner)
{
  return cd_pty_session_type(client->session, client, input);
}

static void
_on_advanced(CdPtyClient *client, gpointer owner)
{
  cd_pty_session_set_pace(client->session, client);
}

static void
_on_fell_behind(CdPtyClient *client, gpointer owner)
{
  cd_pty_session_bring_back(client->session, client);
}

static void
_on_left(CdPtyClient *client, gpointer owner)
{
  cd_pty_session_detach(client->session, client);
}

static void
_on_closed(CdPtyClient *client, gpointer owner)
{
  CdPtyServer *self = owner;

  g_queue_unlink(&self->clients, &client->link);
  self->host->figures.n_connections = self->clients.length;
  cd_pty_client_free(client);
  _look_whether_closed(self);
}

static const CdPtyClientEvents client_events = {
  .greeted = _on_greeted,
  .sized = _on_sized,
  .typed = _on_typed,
  .advanced = _on_advanced,
  .fell_behind = _on_fell_behind,
  .left = _on_left,
  .closed = _on_closed,
};

/* --- connections ------------------------------------------------------------------------------ */

static gboolean
_check_peer(const CdPtyServer *self, gint fd, CdPeer *peer, GError **error)
{
  if (!cd_peer_read(fd, peer, error) || !cd_peer_check(peer, self->trust_loopback, error))
    return FALSE;
  if (self->clients.length < self->host->settings.max_connections + OVER_LIMIT_MAX)
    return TRUE;
  g_set_error(error, CD_NET_ERROR, CD_NET_ERROR_FAILED, "%s: far too many connections",
              peer->remote);
  return FALSE;
}

/* Closed or reset before its first byte. */
static gboolean
_has_gone(gint fd)
{
  gchar byte;
  gssize n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

  return n == 0 || (n < 0 && errno != EAGAIN);
}

/* Every user of the machine can be refused, as often as they like. */
static void
_tell_refusal(CdPtyServer *self, const GError *error)
{
  gint64 now = g_get_monotonic_time();

  if (self->refusal_told && now - self->refusal_told < REFUSALS_PAUSE)
    {
      self->n_untold++;
      return;
    }
  if (self->n_untold)
    g_warning("a connection was refused: %s; so were %u before it", error->message, self->n_untold);
  else
    g_warning("a connection was refused: %s", error->message);
  self->refusal_told = now;
  self->n_untold = 0;
}

/* A port scan has gone before anybody can tell whose it is. */
static void
_refuse(CdPtyServer *self, gint fd, const GError *error)
{
  if (_has_gone(fd))
    self->host->figures.silent_connections++;
  else
    {
      _tell_refusal(self, error);
      self->host->figures.refused_connections++;
    }
  close(fd);
}

static void
_on_accepted(gint fd, gpointer user_data)
{
  CdPtyServer *self = user_data;
  g_autoptr(GError) error = NULL;
  CdPtyClient *client;
  CdPeer peer;

  self->host->figures.connections++;
  if (!_check_peer(self, fd, &peer, &error))
    {
      _refuse(self, fd, error);
      return;
    }
  cd_socket_tune(fd);
  client = cd_pty_client_new(self->host, fd, &peer, &client_events, self);
  client->is_over_limit = self->clients.length >= self->host->settings.max_connections;
  g_queue_push_tail_link(&self->clients, &client->link);
  self->host->figures.n_connections = self->clients.length;
}

static void
_on_trouble(const GError *error, gpointer user_data)
{
  if (error)
    g_warning("connections wait: %s", error->message);
  else
    g_message("connections are accepted again");
}

const gchar *
cd_pty_server_listen(CdPtyServer *self, GSocketAddress *address, GError **error)
{
  CdListener *listener = cd_listener_new(address, _on_accepted, _on_trouble, self, error);

  if (!listener)
    return NULL;
  g_ptr_array_add(self->listeners, listener);
  return cd_listener_get_address(listener);
}

/* --- life ------------------------------------------------------------------------------------- */

CdPtyServer *
cd_pty_server_new(CdPtyHost *host, gboolean trust_loopback)
{
  CdPtyServer *self = g_new0(CdPtyServer, 1);

  self->host = host;
  self->trust_loopback = trust_loopback;
  self->listeners = g_ptr_array_new_with_free_func((GDestroyNotify) cd_listener_free);
  g_queue_init(&self->clients);
  self->sessions = g_hash_table_new(g_str_hash, g_str_equal);
  self->all = g_hash_table_new_full(NULL, NULL, (GDestroyNotify) cd_pty_session_free, NULL);
  return self;
}

void
cd_pty_server_set_trust_loopback(CdPtyServer *self, gboolean trust_loopback)
{
  self->trust_loopback = trust_loopback;
}

static void
_note_shutdown(CdPtyClient *client)
{
  CdEvidence evidence = cd_pty_client_get_evidence(client);

  evidence.closer = CD_CLOSER_AGENT;
  cd_pty_client_note_end(client, &evidence);
}

static void
_for_each_client(CdPtyServer *self, void (*func)(CdPtyClient *client))
{
  for (GList *link = self->clients.head; link; link = link->next)
    func(link->data);
}

/* Who has no session yet gets none any more. */
static void
_dismiss(CdPtyClient *client)
{
  if (!client->session)
    cd_pty_client_finish(client);
}

static void
_stop_session(gpointer key, gpointer value, gpointer user_data)
{
  cd_pty_session_stop(key);
}

void
cd_pty_server_close(CdPtyServer *self, CdPtyServerClosed closed, gpointer user_data)
{
  self->host->is_closing = TRUE;
  self->closed = closed;
  self->user_data = user_data;
  _for_each_client(self, _note_shutdown);
  g_ptr_array_set_size(self->listeners, 0);
  _for_each_client(self, _dismiss);
  g_hash_table_foreach(self->all, _stop_session, NULL);
  _look_whether_closed(self);
}

static void
_abort(CdPtyClient *client)
{
  _note_shutdown(client);
  cd_pty_client_enter(client, CD_PTY_CLIENT_CLOSED);
}

void
cd_pty_server_abort(CdPtyServer *self)
{
  _for_each_client(self, _abort);
  g_hash_table_remove_all(self->sessions);
  g_hash_table_remove_all(self->all);
  self->host->figures.n_sessions = 0;
  _look_whether_closed(self);
}

static void
_free_client(gpointer client)
{
  cd_pty_client_free(client);
}

void
cd_pty_server_free(CdPtyServer *self)
{
  self->closed = NULL;
  cd_pty_server_abort(self);
  while (self->clients.head)
    _free_client(g_queue_pop_head_link(&self->clients)->data);
  g_ptr_array_unref(self->listeners);
  g_hash_table_unref(self->sessions);
  g_hash_table_unref(self->all);
  g_free(self);
}
