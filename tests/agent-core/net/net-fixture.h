/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A listener in a test, clients of it, and a loop that waits for events. */
#ifndef CD_NET_FIXTURE_H
#define CD_NET_FIXTURE_H

#include "../../support/loop.h"
#include "net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIXTURE_TAKEN_MAX 64

typedef struct _Fixture
{
  gchar *folder;
  gchar *path;    /* in the folder */
  gchar *address; /* that path in our notation */
  CdListener *listener;
  gint taken[FIXTURE_TAKEN_MAX];
  guint n_taken;
  guint n_troubles;
  guint n_troubles_over;
  GError *trouble;
  gboolean free_when_taken;
  gboolean free_in_trouble;
} Fixture;

static inline void
fixture_set_up(Fixture *self, gconstpointer data)
{
  *self = (Fixture) { 0 };
  self->folder = g_dir_make_tmp("cd-net-XXXXXX", NULL);
  g_assert_nonnull(self->folder);
  self->path = g_build_filename(self->folder, "socket", NULL);
  self->address = g_strconcat("unix:", self->path, NULL);
}

static inline void
fixture_tear_down(Fixture *self, gconstpointer data)
{
  cd_listener_free(self->listener);
  for (guint i = 0; i < self->n_taken; i++)
    close(self->taken[i]);
  g_clear_error(&self->trouble);
  g_remove(self->path);
  g_assert_cmpint(g_rmdir(self->folder), ==, 0);
  g_free(self->folder);
  g_free(self->path);
  g_free(self->address);
}

static inline void
fixture_on_accepted(gint fd, gpointer data)
{
  Fixture *self = data;

  g_assert_cmpuint(self->n_taken, <, FIXTURE_TAKEN_MAX);
  self->taken[self->n_taken++] = fd;
  if (self->free_when_taken)
    g_clear_pointer(&self->listener, cd_listener_free);
}

static inline void
fixture_on_trouble(const GError *error, gpointer data)
{
  Fixture *self = data;

  if (!error)
    {
      self->n_troubles_over++;
      return;
    }
  self->n_troubles++;
  g_clear_error(&self->trouble);
  self->trouble = g_error_copy(error);
  if (self->free_in_trouble)
    g_clear_pointer(&self->listener, cd_listener_free);
}

static inline gboolean
fixture_try(Fixture *self, const gchar *text, GError **error)
{
  g_autoptr(GSocketAddress) address = cd_address_parse(text, error);

  g_assert_nonnull(address);
  g_assert_null(self->listener);
  self->listener = cd_listener_new(address, fixture_on_accepted, fixture_on_trouble, self, error);
  return self->listener != NULL;
}

static inline void
fixture_listen(Fixture *self, const gchar *text)
{
  g_autoptr(GError) error = NULL;

  fixture_try(self, text, &error);
  g_assert_no_error(error);
}

static inline gboolean
fixture_has_ipv6(void)
{
  struct sockaddr_storage native;
  g_autoptr(GSocketAddress) address = cd_address_parse("[::1]:0", NULL);
  gint fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean result;

  g_socket_address_to_native(address, &native, sizeof(native), NULL);
  result = fd >= 0
           && bind(fd, (struct sockaddr *) &native,
                   (socklen_t) g_socket_address_get_native_size(address))
                == 0;
  if (fd >= 0)
    close(fd);
  return result;
}

/* Connects to an address in our notation; @family as the client's socket is to have it. */
static inline gint
fixture_connect_to(const gchar *text, gint family)
{
  g_autoptr(GSocketAddress) address = cd_address_parse(text, NULL);
  struct sockaddr_storage native;
  gint fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_nonnull(address);
  g_assert_cmpint(fd, >=, 0);
  g_assert_true(g_socket_address_to_native(address, &native, sizeof(native), NULL));
  g_assert_cmpint(
    connect(fd, (struct sockaddr *) &native, (socklen_t) g_socket_address_get_native_size(address)),
    ==, 0);
  return fd;
}

static inline gint
fixture_get_family(const gchar *text)
{
  g_autoptr(GSocketAddress) address = cd_address_parse(text, NULL);

  return (gint) g_socket_address_get_family(address);
}

/* A client of the listener, taken by it. */
static inline gint
fixture_connect(Fixture *self)
{
  const gchar *where = cd_listener_get_address(self->listener);
  guint before = self->n_taken;
  gint fd = fixture_connect_to(where, fixture_get_family(where));

  loop_wait(self->n_taken > before);
  return fd;
}

#define fixture_add(path, test)                                                                    \
  g_test_add(path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#endif
