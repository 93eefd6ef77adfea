/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A target in a test: what it told, a private folder, sockets on the other side, and a loop that
 * waits for events. */
#ifndef CD_TARGET_FIXTURE_H
#define CD_TARGET_FIXTURE_H

#include "../../support/loop.h"
#include "emit/target-link.h"
#include "emit/target.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINE "<30>1 2026-11-21T07:37:29.225000Z h coder-agentd 7 disconnect - hello"

typedef struct _Fixture
{
  CdTarget *target;
  guint n_ready;
  guint n_lost;
  GString *lost; /* the messages, a line each */
  GError *error; /* the last one */
  gsize unsent_when_lost;
  gboolean free_when_ready;
  gboolean free_when_lost;
  gchar *folder;
  gchar *path; /* in the folder */
} Fixture;

/* The longest pauses that were asked for; each was 0, or the longest. */
static guint fixture_pauses[64];
static guint fixture_n_pauses;
static gint64 fixture_now;

static inline guint
fixture_no_pause(guint max)
{
  fixture_pauses[fixture_n_pauses++ % G_N_ELEMENTS(fixture_pauses)] = max;
  return 0;
}

static inline guint
fixture_longest_pause(guint max)
{
  fixture_pauses[fixture_n_pauses++ % G_N_ELEMENTS(fixture_pauses)] = max;
  return 60 * 60 * 1000;
}

static inline gint64
fixture_clock(void)
{
  return fixture_now;
}

static inline void
fixture_on_ready(CdTarget *target, gpointer data)
{
  Fixture *self = data;

  g_assert_true(target == self->target);
  self->n_ready++;
  if (self->free_when_ready)
    g_clear_pointer(&self->target, cd_target_free);
}

static inline void
fixture_on_lost(CdTarget *target, const GError *error, gpointer data)
{
  Fixture *self = data;

  g_assert_true(target == self->target);
  g_assert_false(cd_target_is_connected(target));
  self->n_lost++;
  self->unsent_when_lost = cd_target_get_unsent(target);
  g_string_append_printf(self->lost, "%s\n", error->message);
  g_test_message("lost: %s", error->message);
  g_clear_error(&self->error);
  self->error = g_error_copy(error);
  if (self->free_when_lost)
    g_clear_pointer(&self->target, cd_target_free);
}

static inline void
fixture_set_up(Fixture *self, gconstpointer data)
{
  *self = (Fixture) { 0 };
  self->lost = g_string_new(NULL);
  self->folder = g_dir_make_tmp("cd-target-XXXXXX", NULL);
  g_assert_nonnull(self->folder);
  self->path = g_build_filename(self->folder, "socket", NULL);
  fixture_n_pauses = 0;
  fixture_now = 0;
}

static inline void
fixture_remove(const gchar *folder)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name(dir)))
    {
      g_autofree gchar *path = g_build_filename(folder, name, NULL);
      g_assert_cmpint(g_remove(path), ==, 0);
    }
  g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static inline void
fixture_tear_down(Fixture *self, gconstpointer data)
{
  cd_target_free(self->target);
  loop_settle();
  g_clear_error(&self->error);
  g_string_free(self->lost, TRUE);
  fixture_remove(self->folder);
  g_free(self->folder);
  g_free(self->path);
}

/* A target without pauses, with a clock that stands. */
static inline CdTargetTuning *
fixture_make_with(Fixture *self, const gchar *uri, const CdTargetTls *tls)
{
  g_autoptr(GError) error = NULL;
  CdTargetTuning *tuning;

  self->target = cd_target_new(uri, tls, &error);
  g_assert_no_error(error);
  tuning = cd_target_get_tuning(self->target);
  tuning->random = fixture_no_pause;
  tuning->clock = fixture_clock;
  return tuning;
}

static inline CdTargetTuning *fixture_make(Fixture *self, const gchar *format, ...)
  G_GNUC_PRINTF(2, 3);

static inline CdTargetTuning *
fixture_make(Fixture *self, const gchar *format, ...)
{
  va_list args;
  g_autofree gchar *uri = NULL;

  va_start(args, format);
  uri = g_strdup_vprintf(format, args);
  va_end(args);
  return fixture_make_with(self, uri, NULL);
}

static inline void
fixture_start(Fixture *self)
{
  cd_target_start(self->target, fixture_on_ready, fixture_on_lost, self);
}

static inline void
fixture_start_and_wait(Fixture *self)
{
  guint before = self->n_ready;

  fixture_start(self);
  loop_wait(self->n_ready > before);
}

static inline void
fixture_free_target(Fixture *self)
{
  g_clear_pointer(&self->target, cd_target_free);
}

static inline void
fixture_assert_sent(Fixture *self, const gchar *line)
{
  g_assert_cmpint(cd_target_send(self->target, cd_text_from_string(line)), ==, CD_TARGET_SENT);
}

static inline void
fixture_assert_lost(Fixture *self, const gchar *part)
{
  if (!strstr(self->lost->str, part))
    g_error("\"%s\" is not in: %s", part, self->lost->str);
}

static inline void
fixture_assert_hindrance(const Fixture *self, const gchar *expected)
{
  g_autofree gchar *hindrance = cd_target_describe_hindrance(self->target);

  g_assert_cmpstr(hindrance, ==, expected);
}

/* The other side: plain sockets that do not wait. */
static inline GSocket *
fixture_listen(GSocketAddress *address, GSocketType type)
{
  g_autoptr(GError) error = NULL;
  GSocket *socket = g_socket_new(g_socket_address_get_family(address), type,
                                 G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error(error);
  g_socket_set_blocking(socket, FALSE);
  g_socket_bind(socket, address, TRUE, &error);
  g_assert_no_error(error);
  if (type == G_SOCKET_TYPE_STREAM)
    g_socket_listen(socket, &error);
  g_assert_no_error(error);
  return socket;
}

static inline GSocket *
fixture_listen_path(const gchar *path, GSocketType type)
{
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);

  return fixture_listen(address, type);
}

static inline GSocket *
fixture_listen_port(guint16 port, GSocketType type)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string("127.0.0.1", port);

  return fixture_listen(address, type);
}

static inline guint16
fixture_port_of(GSocket *socket)
{
  g_autoptr(GSocketAddress) address = g_socket_get_local_address(socket, NULL);

  return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
}

/* A port where nobody listens; the socket keeps it from others. */
static inline GSocket *
fixture_hold_port(GSocketType type, guint16 *port)
{
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string("127.0.0.1", 0);
  GSocket *socket = g_socket_new(G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  g_socket_bind(socket, address, FALSE, NULL);
  *port = fixture_port_of(socket);
  return socket;
}

static inline GSocket *
fixture_accept(GSocket *listener)
{
  g_autoptr(GError) error = NULL;
  GSocket *peer;

  loop_wait_polling(g_socket_condition_check(listener, G_IO_IN) & G_IO_IN);
  peer = g_socket_accept(listener, NULL, &error);
  g_assert_no_error(error);
  g_socket_set_blocking(peer, FALSE);
  return peer;
}

/* Appends what lies there. Returns: %FALSE at the end */
static inline gboolean
fixture_read(GSocket *peer, GString *to)
{
  gchar buffer[65536];
  gssize n;

  while ((n = g_socket_receive(peer, buffer, sizeof(buffer), NULL, NULL)) > 0)
    g_string_append_len(to, buffer, n);
  return n < 0;
}

static inline void
fixture_assert_arrives(GSocket *peer, const gchar *expected)
{
  g_autoptr(GString) got = g_string_new(NULL);

  loop_wait_polling((fixture_read(peer, got), got->len >= strlen(expected)));
  g_assert_cmpstr(got->str, ==, expected);
}

/* Sends until the target waits. Returns: the lines that it took */
static inline guint
fixture_fill(Fixture *self, const gchar *line)
{
  guint n = 0;
  CdTargetResult result;

  while ((result = cd_target_send(self->target, cd_text_from_string(line))) == CD_TARGET_SENT)
    n++;
  g_assert_cmpint(result, ==, CD_TARGET_WAIT);
  return n;
}

#define fixture_add(path, test)                                                                    \
  g_test_add(path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#endif
